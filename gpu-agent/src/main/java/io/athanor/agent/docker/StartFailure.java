package io.athanor.agent.docker;

import io.athanor.domain.job.Ending;
import java.util.Locale;

/**
 * Why a container could not be started, in words for the person who ordered it. No attempt of the same lease follows,
 * except where {@link Cause#worthRetrying} says so.
 */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** The classes of failure that a client or provider can act upon. */
    public enum Cause {
        /** The machine does not have the image; it can be pulled. */
        IMAGE_ABSENT(Ending.IMAGE_UNAVAILABLE),
        IMAGE_NOT_FOUND(Ending.IMAGE_UNAVAILABLE),
        IMAGE_DIGEST_MISMATCH(Ending.IMAGE_UNAVAILABLE),
        REGISTRY_DENIED(Ending.IMAGE_UNAVAILABLE),
        REGISTRY_UNREACHABLE(Ending.START_FAILED),
        IMAGE_UNUSABLE(Ending.IMAGE_UNAVAILABLE),
        COMMAND_NOT_FOUND(Ending.COMMAND_NOT_FOUND),
        COMMAND_NOT_EXECUTABLE(Ending.COMMAND_NOT_FOUND),
        INPUT_UNAVAILABLE(Ending.INPUT_UNAVAILABLE),
        GPU_UNAVAILABLE(Ending.GPU_LOST),
        DISK_FULL(Ending.START_FAILED),
        ENGINE_REFUSED(Ending.START_FAILED);

        private final Ending ending;

        Cause(Ending ending) {
            this.ending = ending;
        }

        /** How the receipt names it. */
        public Ending ending() {
            return ending;
        }

        public boolean worthRetrying() {
            return this == REGISTRY_UNREACHABLE;
        }
    }

    private final Cause cause;

    public StartFailure(Cause cause, String detail) {
        super(detail);
        this.cause = cause;
    }

    public Cause failure() {
        return cause;
    }

    /** Reads the engine's message about a pull; the engine has no codes for these. */
    static StartFailure ofPull(ImageReference image, String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (has(text, "verification failed", "digest mismatch", "unexpected digest", "does not match")) {
            return new StartFailure(
                    Cause.IMAGE_DIGEST_MISMATCH,
                    "The registry answered with other content than " + image + " names: " + message);
        }
        if (has(text, "unauthorized", "no basic auth", "authentication required", "denied")) {
            return new StartFailure(
                    Cause.REGISTRY_DENIED,
                    "The registry does not give " + image + " to this machine; it is private or does not exist: "
                            + message);
        }
        if (has(text, "not found", "manifest unknown", "name unknown", "not known to registry")) {
            return new StartFailure(
                    Cause.IMAGE_NOT_FOUND, "The registry has no " + image + "; check name and digest: " + message);
        }
        if (has(text, "no space left")) {
            return new StartFailure(Cause.DISK_FULL, "This machine's disk is full: " + message);
        }
        if (has(text, "connection refused", "no such host", "timeout", "deadline exceeded", "network is unreachable")
                || has(text, "connection reset", "server misbehaving", "tls", "eof", "http response to https client")) {
            return new StartFailure(
                    Cause.REGISTRY_UNREACHABLE,
                    "The registry of " + image + " cannot be reached from here: " + message);
        }
        return new StartFailure(Cause.IMAGE_UNUSABLE, "The image " + image + " cannot be pulled: " + message);
    }

    /** Reads the engine's message about a start. */
    static StartFailure ofStart(ContainerPlan plan, String message) {
        String text = message.toLowerCase(Locale.ROOT);
        String program = plan.command().isEmpty()
                ? "the image's own command"
                : plan.command().getFirst();
        if (has(text, "no such image")) {
            return new StartFailure(Cause.IMAGE_ABSENT, "This machine does not have " + plan.image() + ": " + message);
        }
        if (has(text, "could not select device driver", "nvidia-container", "unknown device", "cdi device")) {
            return new StartFailure(
                    Cause.GPU_UNAVAILABLE, "The engine could not give the GPU to the container: " + message);
        }
        if (has(text, "permission denied") && has(text, "exec")) {
            return new StartFailure(Cause.COMMAND_NOT_EXECUTABLE, program + " is not executable: " + message);
        }
        if (has(text, "executable file not found", "no such file or directory") && has(text, "exec")) {
            return new StartFailure(Cause.COMMAND_NOT_FOUND, program + " does not exist in the image: " + message);
        }
        if (has(text, "exec format error", "no command specified", "is a directory")) {
            return new StartFailure(Cause.COMMAND_NOT_EXECUTABLE, program + " cannot be executed: " + message);
        }
        return new StartFailure(Cause.ENGINE_REFUSED, "The container engine refused to start it: " + message);
    }

    private static boolean has(String text, String... parts) {
        for (String part : parts) {
            if (text.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
