package io.athanor.agent.docker;

/** The container engine does not answer now. Nothing is known about what it did; ask again. */
public final class EngineUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    EngineUnavailable(Throwable cause) {
        super("the container engine does not answer: " + rootMessage(cause), cause);
    }

    /** For a stream of the engine that broke. */
    public static EngineUnavailable because(Throwable cause) {
        return new EngineUnavailable(cause);
    }

    private static String rootMessage(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
