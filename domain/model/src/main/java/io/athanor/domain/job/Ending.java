package io.athanor.domain.job;

/**
 * The one catalogue of how a task ends, with whose cause it is.
 *
 * <p>Billing follows the cause: what the client caused is paid for, what provider or network caused is not.
 */
public enum Ending {
    /** Exit code 0. */
    COMPLETED(Cause.NONE),
    /** Exit code other than 0, of the client's program. */
    EXIT_CODE(Cause.CLIENT),
    /** The container went over its own memory limit. */
    OUT_OF_MEMORY(Cause.CLIENT),
    /** The maximum duration passed. */
    DEADLINE(Cause.CLIENT),
    CANCELLED(Cause.CLIENT),
    /** The registry does not know the image or refuses the digest. */
    IMAGE_UNAVAILABLE(Cause.CLIENT),
    /** The image has no such command. */
    COMMAND_NOT_FOUND(Cause.CLIENT),
    /** An input file could not be fetched with the named digest. */
    INPUT_UNAVAILABLE(Cause.CLIENT),
    /** More or larger outputs than allowed. */
    OUTPUT_LIMIT(Cause.CLIENT),
    /** An application error of the GPU (XID 13, 31, 43, 45, 68, 109). */
    GPU_APPLICATION_ERROR(Cause.CLIENT),
    /** The container engine could not create or start the container. */
    START_FAILED(Cause.PROVIDER),
    GPU_LOST(Cause.PROVIDER),
    /** The engine or the machine restarted and the container is gone. */
    CONTAINER_LOST(Cause.PROVIDER),
    MACHINE_OFFLINE(Cause.PROVIDER),
    START_DEADLINE(Cause.PROVIDER),
    REFUSED_BY_AGENT(Cause.PROVIDER),
    /** No machine took the task within the attempts or the time allowed. */
    UNPLACEABLE(Cause.NETWORK),
    LEASE_EXPIRED(Cause.NETWORK);

    private final Cause cause;

    Ending(Cause cause) {
        this.cause = cause;
    }

    public Cause cause() {
        return cause;
    }

    /** Whether the same task may run again elsewhere. */
    public boolean retryable() {
        return cause == Cause.PROVIDER || this == LEASE_EXPIRED;
    }

    /** Whose doing it was. */
    public enum Cause {
        NONE,
        CLIENT,
        PROVIDER,
        NETWORK
    }
}
