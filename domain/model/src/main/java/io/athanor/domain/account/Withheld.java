package io.athanor.domain.account;

/** Why a machine that was online earned nothing for its capacity in an epoch. */
public enum Withheld {
    TEST_FAILED("its newest capacity test found less than is paid; it earns again when a test finds it whole"),
    TEST_SHUNNED("it went, came, or worked for its own owner in the epoch in which it was drawn for its capacity test; "
            + "let it stay online, and free or with clients' work, and it earns in the next"),
    PROOF_TOO_OLD(
            "nobody has seen its GPUs at work for days, since it was away or worked for its own owner when it was drawn; "
                    + "let it stay online, and free or with clients' work, until its next test finds it whole");

    private final String advice;

    Withheld(String advice) {
        this.advice = advice;
    }

    /** For the owner: why, and what to do. */
    public String advice() {
        return advice;
    }
}
