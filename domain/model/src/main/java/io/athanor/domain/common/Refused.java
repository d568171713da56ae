package io.athanor.domain.common;

/**
 * A command that the rules do not allow: the one refusal type of domain, API and agents.
 *
 * <p>Invariant: refusing changes nothing. {@code detail} says what is wrong with this command, {@code nextStep}
 * what its sender can do about it; both are shown to people.
 */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;
    private final String nextStep;

    public Refused(Reason reason, String detail) {
        this(reason, detail, reason.nextStep());
    }

    public Refused(Reason reason, String detail, String nextStep) {
        super(detail, null, false, false);
        this.reason = reason;
        this.nextStep = nextStep;
    }

    public Reason reason() {
        return reason;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public String nextStep() {
        return nextStep;
    }

    /** Refuses unless the rule holds. */
    public static void unless(boolean rule, Reason reason, String detail) {
        if (!rule) {
            throw new Refused(reason, detail);
        }
    }
}
