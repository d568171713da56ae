package io.athanor.audit;

import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a range of the history would have come to under other parameters, all else equal: nobody is assumed to have acted
 * otherwise.
 *
 * <p>Invariant: a pure function of the events and the parameters, so anybody with an export gets the same {@link #digest()}.
 * Amounts in wei.
 *
 * @param format of this report
 * @param parameters digest of the proposed set in canonical JSON
 * @param fromEpoch and {@code toEpoch} the first and the last settled epoch that were computed again; -1 where none was
 * @param events of the history up to the range's end
 * @param mostGained those whose net result rises most, at most {@link #NAMED}
 * @param pools whose delegators' part changes, at most {@link #NAMED}
 * @param refused jobs of the range that would not have been admitted, by reason
 * @param days in order, at most {@link WhatIf#DAYS_MAX}
 */
public record WhatIfReport(
        int format,
        Sha256 parameters,
        long fromEpoch,
        long toEpoch,
        long events,
        Flows recorded,
        Flows proposed,
        int winners,
        int losers,
        int unchanged,
        List<Change> mostGained,
        List<Change> mostLost,
        List<PoolChange> pools,
        List<SlashChange> slashes,
        long jobs,
        SortedMap<String, Long> refused,
        List<Day> days) {
    /** How many of each list are named. */
    public static final int NAMED = 20;

    static final int FORMAT = 1;

    public WhatIfReport {
        mostGained = List.copyOf(mostGained);
        mostLost = List.copyOf(mostLost);
        pools = List.copyOf(pools);
        slashes = List.copyOf(slashes);
        days = List.copyOf(days);
    }

    /**
     * Where the money of the range went.
     *
     * @param treasury the protocol's part of the bills
     * @param delegators of the emission what pools took
     * @param penalties of cases that opened in the range
     */
    public record Flows(
            Ath bills, Ath treasury, Ath providerEmission, Ath checkerEmission, Ath delegators, Ath penalties) {
        static final Flows NONE = new Flows(Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO);

        Flows plus(Flows other) {
            return new Flows(
                    bills.plus(other.bills),
                    treasury.plus(other.treasury),
                    providerEmission.plus(other.providerEmission),
                    checkerEmission.plus(other.checkerEmission),
                    delegators.plus(other.delegators),
                    penalties.plus(other.penalties));
        }
    }

    /** One account's range. */
    public record Change(Wallet wallet, Ath earned, Ath earnedThen, Ath paid, Ath paidThen) {}

    public record PoolChange(PoolId pool, Ath rewarded, Ath rewardedThen) {}

    /**
     * One offence, recorded or not.
     *
     * @param penaltyCase null where no case was opened, and one would have been
     * @param amount at risk in the recorded case
     */
    public record SlashChange(
            @Nullable CaseId penaltyCase, PoolId accused, String offence, Ath amount, Ath amountThen) {}

    /** One settlement day. */
    public record Day(long day, Ath emission, Ath emissionThen, Ath treasury, Ath treasuryThen) {}

    /** Names this report, and nothing else. */
    public Sha256 digest() {
        return Json.digest(this);
    }
}
