package io.athanor.domain.epoch;

/** What is done once a settlement day is done with the day's first epoch; days in which no node ran are left out. */
public final class SettlementDay {
    private SettlementDay() {}

    /**
     * Whether an epoch lies in a later day than the one in which it was last done.
     *
     * @param last the epoch with which it was last done, -1 before the first
     * @param epochsPerDay above zero
     */
    public static boolean begins(long epoch, long last, int epochsPerDay) {
        return last < 0 || epoch / epochsPerDay > last / epochsPerDay;
    }
}
