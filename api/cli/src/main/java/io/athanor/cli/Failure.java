package io.athanor.cli;

/** Something the user has to be told, with the exit code that says of what kind it is. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The server refused, or a check found a difference. */
    static final int REFUSED = 1;
    /** The call itself is wrong: options, files, keys. */
    static final int USAGE = 2;
    /** Waiting took longer than {@code --timeout}, as {@code timeout(1)} says it. */
    static final int TIMED_OUT = 124;

    private final int exitCode;

    Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
