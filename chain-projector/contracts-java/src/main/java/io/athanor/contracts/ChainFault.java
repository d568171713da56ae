package io.athanor.contracts;

/** The chain, or what stands on it, is not what it must be; the message says what to look at. */
public final class ChainFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChainFault(String message) {
        super(message);
    }

    public ChainFault(String message, Throwable cause) {
        super(message, cause);
    }
}
