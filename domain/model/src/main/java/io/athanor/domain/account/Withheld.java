package io.athanor.domain.account;

/** Why a machine that was online earned nothing for its capacity in an epoch. */
public enum Withheld {
    SUSPENDED(
            "it gets no new work; ask for its suspension by 'athanor machine quality', and it earns again with its return"),
    NOT_OFFERED("it is not offered; name its price by 'athanor machine offer', and it earns from the next epoch on"),
    OVERPRICED(
            "its price is further above the median of its model than the network pays for; lower it, and it earns from the next epoch on"),
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
