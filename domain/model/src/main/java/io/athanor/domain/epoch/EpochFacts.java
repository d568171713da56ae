package io.athanor.domain.epoch;

import io.athanor.domain.account.Withheld;
import io.athanor.domain.attestation.QuarterMarks;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Assessment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that an epoch's rewards depend on, gathered from events alone. Amounts in wei.
 *
 * @param tasks assessed and not yet settled, each once
 * @param machines attested online in the epoch, each once
 * @param checkers who sat in a round that closed in the epoch, each once
 * @param providers the terms of the providers whose pools are shared
 * @param providerReserveLeft what the providers' emission reserve still holds
 * @param checkerReserveLeft what the checkers' emission reserve still holds
 */
public record EpochFacts(
        long epoch,
        List<AssessedTask> tasks,
        List<LiveMachine> machines,
        List<CheckerMarks> checkers,
        Map<Wallet, PoolTerms> providers,
        Ath providerReserveLeft,
        Ath checkerReserveLeft) {
    public EpochFacts {
        tasks = List.copyOf(tasks);
        machines = List.copyOf(machines);
        checkers = List.copyOf(checkers);
        providers = Map.copyOf(providers);
    }

    /** Where no provider's pool is shared. */
    public EpochFacts(
            long epoch,
            List<AssessedTask> tasks,
            List<LiveMachine> machines,
            List<CheckerMarks> checkers,
            Ath providerReserveLeft,
            Ath checkerReserveLeft) {
        this(epoch, tasks, machines, checkers, Map.of(), providerReserveLeft, checkerReserveLeft);
    }

    /** @param provider who held the last lease, null where none ran it */
    public record AssessedTask(
            TaskId task, Wallet client, @Nullable Wallet provider, Assessment assessment) {}

    /**
     * @param weightPpm K of the whole machine, in ppm of an H100, as {@link RoundFacts} reckons it
     * @param onlineSlots slots with a finalised attestation
     * @param qualityPpm q, 0 to 1,000,000
     * @param onProbation whether it was new when the epoch's round opened
     * @param withheld why it earns nothing for its capacity, null where it earns
     */
    public record LiveMachine(
            MachineId machine,
            Wallet provider,
            long weightPpm,
            int onlineSlots,
            long qualityPpm,
            boolean onProbation,
            @Nullable Withheld withheld) {
        /** One that has proved itself. */
        public LiveMachine(MachineId machine, Wallet provider, long weightPpm, int onlineSlots, long qualityPpm) {
            this(machine, provider, weightPpm, onlineSlots, qualityPpm, false);
        }

        /** One that earns. */
        public LiveMachine(
                MachineId machine,
                Wallet provider,
                long weightPpm,
                int onlineSlots,
                long qualityPpm,
                boolean onProbation) {
            this(machine, provider, weightPpm, onlineSlots, qualityPpm, onProbation, null);
        }
    }

    /**
     * @param rounds in which it sat
     * @param roundsTaken of them those to which it revealed a report that others could judge
     * @param roundsCorrect rounds in which its mark was CORRECT
     * @param caseRounds of the rounds taken those that judged a case, where they are paid apart; they are not in
     *     {@code roundsCorrect} then
     * @param pool null where nobody delegates to it
     * @param quarter in a quarter's last epoch, where the bonus is a quarter's; else null
     */
    public record CheckerMarks(
            Wallet checker,
            int rounds,
            int roundsTaken,
            int roundsCorrect,
            int caseRounds,
            @Nullable PoolTerms pool,
            @Nullable QuarterMarks quarter) {
        /** Where cases are rounds like others, and the bonus is an epoch's. */
        public CheckerMarks(Wallet checker, int rounds, int roundsTaken, int roundsCorrect, @Nullable PoolTerms pool) {
            this(checker, rounds, roundsTaken, roundsCorrect, 0, pool, null);
        }

        CheckerMarks with(QuarterMarks marks) {
            return new CheckerMarks(checker, rounds, roundsTaken, roundsCorrect, caseRounds, pool, marks);
        }

        /** Of a checker that missed none of its rounds. */
        public CheckerMarks(Wallet checker, int roundsCorrect, @Nullable PoolTerms pool) {
            this(checker, roundsCorrect, roundsCorrect, roundsCorrect, pool);
        }

        public CheckerMarks(Wallet checker, int roundsCorrect) {
            this(checker, roundsCorrect, null);
        }
    }
}
