package io.athanor.domain.job;

/**
 * The one catalogue of how a task ends, with whose cause it is and what the client can do.
 *
 * <p>Billing follows the cause: what the client caused is paid for, what provider or network caused is not.
 */
public enum Ending {
    /** Exit code 0. */
    COMPLETED(Cause.NONE, "Nothing; fetch the outputs."),
    /** Exit code other than 0, of the client's program. */
    EXIT_CODE(Cause.CLIENT, "Read the task's log: it has what the program said."),
    /** The container went over its own memory limit. */
    OUT_OF_MEMORY(Cause.CLIENT, "Raise memoryMib."),
    /** The maximum duration passed. */
    DEADLINE(Cause.CLIENT, "Raise maxDurationMillis, or give each task less to do."),
    CANCELLED(Cause.CLIENT, "Nothing; order again if it was not meant."),
    /** The registry does not know the image or refuses the digest. */
    IMAGE_UNAVAILABLE(
            Cause.CLIENT,
            "Push the image where machines can pull it and order it by the digest that its registry gives."),
    /** The image has no such command. */
    COMMAND_NOT_FOUND(Cause.CLIENT, "Name a program of the image, with its path; try it with 'docker run'."),
    /** An input file could not be fetched with the named digest. */
    INPUT_UNAVAILABLE(Cause.CLIENT, "Upload the input with PUT /v1/blobs/<digest>, then order again."),
    /** More or larger outputs than allowed. */
    OUTPUT_LIMIT(Cause.CLIENT, "Write fewer or smaller files to /out."),
    /** An application error of the GPU (XID 13, 31, 43, 45, 68, 109). */
    GPU_APPLICATION_ERROR(Cause.CLIENT, "Read the task's log; the program made the GPU fault."),
    /** The container engine could not create or start the container. */
    START_FAILED(Cause.PROVIDER, Ending.PLACED_AGAIN),
    GPU_LOST(Cause.PROVIDER, Ending.PLACED_AGAIN),
    /** The engine or the machine restarted and the container is gone. */
    CONTAINER_LOST(Cause.PROVIDER, Ending.PLACED_AGAIN),
    MACHINE_OFFLINE(Cause.PROVIDER, Ending.PLACED_AGAIN),
    START_DEADLINE(Cause.PROVIDER, Ending.PLACED_AGAIN),
    REFUSED_BY_AGENT(Cause.PROVIDER, Ending.PLACED_AGAIN),
    /** No machine took the task within the attempts or the time allowed. */
    UNPLACEABLE(Cause.NETWORK, "Ask why (/v1/jobs/<id>/why) and lower the demand or raise maxPrice; nothing was paid."),
    LEASE_EXPIRED(Cause.NETWORK, Ending.PLACED_AGAIN);

    private static final String PLACED_AGAIN = "Nothing; the task is placed again, elsewhere where it can be.";

    private final Cause cause;
    private final String nextStep;

    Ending(Cause cause, String nextStep) {
        this.cause = cause;
        this.nextStep = nextStep;
    }

    /** What the client can do. */
    public String nextStep() {
        return nextStep;
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
