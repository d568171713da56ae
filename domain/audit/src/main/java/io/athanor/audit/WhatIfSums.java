package io.athanor.audit;

import io.athanor.audit.WhatIfReport.Change;
import io.athanor.audit.WhatIfReport.Day;
import io.athanor.audit.WhatIfReport.Flows;
import io.athanor.audit.WhatIfReport.PoolChange;
import io.athanor.audit.WhatIfReport.SlashChange;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.epoch.RewardStatement.PoolPart;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Both worlds' statements of a range, summed by account, pool and day: of the size of the network, not of the range. */
final class WhatIfSums {
    private final TreeMap<Wallet, Change> accounts = new TreeMap<>();
    private final TreeMap<PoolId, PoolChange> pools = new TreeMap<>();
    private final TreeMap<Long, Day> days = new TreeMap<>();
    private Flows recorded = Flows.NONE;
    private Flows proposed = Flows.NONE;

    void add(long day, RewardStatement as, RewardStatement then) {
        recorded = recorded.plus(flows(as));
        proposed = proposed.plus(flows(then));
        as.accounts().forEach(a -> change(new Change(a.wallet(), a.earned(), Ath.ZERO, a.cost(), Ath.ZERO)));
        then.accounts().forEach(a -> change(new Change(a.wallet(), Ath.ZERO, a.earned(), Ath.ZERO, a.cost())));
        as.pools().forEach(part -> change(new PoolChange(part.pool(), part.amount(), Ath.ZERO)));
        then.pools().forEach(part -> change(new PoolChange(part.pool(), Ath.ZERO, part.amount())));
        days.merge(
                day,
                new Day(day, emission(as), emission(then), as.protocolFee(), then.protocolFee()),
                (a, b) -> new Day(
                        day,
                        a.emission().plus(b.emission()),
                        a.emissionThen().plus(b.emissionThen()),
                        a.treasury().plus(b.treasury()),
                        a.treasuryThen().plus(b.treasuryThen())));
    }

    private static Ath emission(RewardStatement statement) {
        return statement.providerEmission().plus(statement.checkerEmission());
    }

    private static Flows flows(RewardStatement s) {
        Ath delegators = Ath.sum(s.pools().stream().map(PoolPart::amount).toList());
        return new Flows(
                s.clientCost(), s.protocolFee(), s.providerEmission(), s.checkerEmission(), delegators, Ath.ZERO);
    }

    private void change(Change more) {
        accounts.merge(
                more.wallet(),
                more,
                (a, b) -> new Change(
                        a.wallet(),
                        a.earned().plus(b.earned()),
                        a.earnedThen().plus(b.earnedThen()),
                        a.paid().plus(b.paid()),
                        a.paidThen().plus(b.paidThen())));
    }

    private void change(PoolChange more) {
        pools.merge(
                more.pool(),
                more,
                (a, b) -> new PoolChange(
                        a.pool(),
                        a.rewarded().plus(b.rewarded()),
                        a.rewardedThen().plus(b.rewardedThen())));
    }

    /** What the account has more in the other world; below zero where it has less. */
    static BigInteger gain(Change c) {
        BigInteger as = c.earned().wei().subtract(c.paid().wei());
        return c.earnedThen().wei().subtract(c.paidThen().wei()).subtract(as);
    }

    private List<Change> most(int sign) {
        Comparator<Change> byGain = Comparator.comparing(c -> gain(c).multiply(BigInteger.valueOf(-sign)));
        return accounts.values().stream()
                .filter(c -> gain(c).signum() == sign)
                .sorted(byGain.thenComparing(Change::wallet))
                .limit(WhatIfReport.NAMED)
                .toList();
    }

    private int count(int sign) {
        return (int)
                accounts.values().stream().filter(c -> gain(c).signum() == sign).count();
    }

    private List<PoolChange> mostChangedPools() {
        Comparator<PoolChange> byChange = Comparator.comparing(
                p -> p.rewardedThen().wei().subtract(p.rewarded().wei()).abs().negate());
        return pools.values().stream()
                .filter(p -> !p.rewarded().equals(p.rewardedThen()))
                .sorted(byChange.thenComparing(PoolChange::pool))
                .limit(WhatIfReport.NAMED)
                .toList();
    }

    WhatIfReport report(
            Sha256 parameters,
            long from,
            long to,
            long events,
            List<SlashChange> slashes,
            long jobs,
            SortedMap<String, Long> refused) {
        Ath penalties = Ath.sum(slashes.stream().map(SlashChange::amount).toList());
        Ath penaltiesThen =
                Ath.sum(slashes.stream().map(SlashChange::amountThen).toList());
        return new WhatIfReport(
                WhatIfReport.FORMAT,
                parameters,
                from,
                to,
                events,
                recorded.plus(new Flows(Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, penalties)),
                proposed.plus(new Flows(Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, penaltiesThen)),
                count(1),
                count(-1),
                count(0),
                most(1),
                most(-1),
                mostChangedPools(),
                slashes,
                jobs,
                new TreeMap<>(Map.copyOf(refused)),
                List.copyOf(days.values()));
    }
}
