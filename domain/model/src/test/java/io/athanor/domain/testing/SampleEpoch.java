package io.athanor.domain.testing;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochFacts;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.EpochFacts.CheckerMarks;
import io.athanor.domain.epoch.EpochFacts.LiveMachine;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Assessment.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may happen in an epoch. */
public final class SampleEpoch {
    private static final int BPS = 10_000;

    private SampleEpoch() {}

    /** An assessed task that costs {@code cost} of a cap, at this protocol fee. */
    public static AssessedTask task(
            TaskId task, Wallet client, @Nullable Wallet provider, Outcome outcome, Ath cost, Ath cap, long feeBps) {
        Ath host = cost.bps(BPS - feeBps);
        Assessment assessment =
                new Assessment(outcome, null, 1, cost, host, cost.minus(host), cap.minus(cost), Hash32.ZERO, 1, false);
        return new AssessedTask(task, client, provider, assessment);
    }

    /** Random facts among a few wallets, so that some are client, provider and checker at once. */
    public static EpochFacts facts(Samples samples, long epoch, long feeBps, Ath providerReserve, Ath checkerReserve) {
        List<Wallet> wallets = samples.wallets(5);
        List<AssessedTask> tasks = new ArrayList<>();
        for (int i = samples.between(0, 6); i > 0; i--) {
            Ath cap = Ath.ofWei(samples.random().nextLong(1, 1_000_000_000_000_000_000L));
            Outcome outcome = samples.oneOf(List.of(Outcome.values()));
            Ath cost = outcome == Outcome.NOT_DELIVERED ? Ath.ZERO : samples.upTo(cap);
            Wallet provider = cost.isZero() && samples.chance(50) ? null : samples.oneOf(wallets);
            tasks.add(task(samples.task(), samples.oneOf(wallets), provider, outcome, cost, cap, feeBps));
        }
        List<LiveMachine> machines = new ArrayList<>();
        for (int i = samples.between(0, 5); i > 0; i--) {
            machines.add(new LiveMachine(
                    samples.machine(),
                    samples.oneOf(wallets),
                    samples.between(0, 10_000_000),
                    samples.between(0, 15),
                    samples.between(0, 1_000_000)));
        }
        List<CheckerMarks> checkers = samples.shuffled(wallets).subList(0, samples.between(0, 5)).stream()
                .map(w -> new CheckerMarks(w, samples.between(0, 4)))
                .toList();
        return new EpochFacts(epoch, tasks, machines, checkers, providerReserve, checkerReserve);
    }
}
