package io.athanor.chain;

/**
 * The chain and the log disagree in a way that no retry mends. Everything outbound stops until an operator resumes it;
 * jobs go on. The message says what disagrees and where.
 */
public final class Halted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Halted(String message) {
        super(message);
    }
}
