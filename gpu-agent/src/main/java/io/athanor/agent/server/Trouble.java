package io.athanor.agent.server;

/** What went wrong, in words for a log or a report. */
public final class Trouble {
    private Trouble() {}

    /** The message, or the kind of failure where it has none, as a refused connection. */
    public static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
