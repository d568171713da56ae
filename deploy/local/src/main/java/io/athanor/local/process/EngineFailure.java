package io.athanor.local.process;

/**
 * An engine or process of the local network could not do what was asked.
 *
 * <p>The message says what happened; {@link #nextStep()} says what a person does about it, as a command where there is
 * one. Both are part of {@link #getMessage()}, so that a bare stack trace already helps.
 */
public final class EngineFailure extends RuntimeException {

    private final String nextStep;

    /** A failure with its next step. */
    public EngineFailure(String what, String nextStep) {
        super(what + " " + nextStep);
        this.nextStep = nextStep;
    }

    /** A failure with its next step and its cause. */
    public EngineFailure(String what, String nextStep, Throwable cause) {
        super(what + " " + nextStep, cause);
        this.nextStep = nextStep;
    }

    /** What to do about it: a sentence, with the command where there is one. */
    public String nextStep() {
        return nextStep;
    }
}
