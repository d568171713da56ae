package io.athanor.domain.canary;

import io.athanor.domain.attestation.Consensus;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Ending.Cause;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Agreed;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who failed a canary: the machine whose signed receipt gives another result than the known one, or the checkers whose
 * signed reports deny what the plan and the receipt agree on.
 *
 * <p>Invariant: a pure function of the history, and nobody honest fails. A checker answers only for what the signed receipt
 * proves; for outputs that it did not find only where a quorum found them, since a machine that never stored them must not be
 * able to frame whoever says so.
 */
public final class CanaryGrade {
    private CanaryGrade() {}

    /**
     * How one plant went.
     *
     * @param leased the lease that it ran under, on what is now {@code machine}
     * @param endedAt when its end was taken, by the network's clock
     * @param round that judged it, closed; null where none did
     */
    public record Run(
            long epoch,
            int number,
            Plant plant,
            Receipt receipt,
            Lease leased,
            Machine machine,
            Instant endedAt,
            @Nullable Round round) {
        LeaseId lease() {
            return receipt.lease();
        }
    }

    /**
     * What follows from it, by the accused's wallet.
     *
     * @param earlier how many canaries a checker failed within the days that count
     */
    public static List<Offence> offences(Run run, ProtocolParameters parameters, ToIntFunction<Wallet> earlier) {
        if (isFalse(run.plant(), run.receipt())) {
            return falseResult(run, parameters);
        }
        Round round = run.round();
        return holds(run.plant(), run.receipt()) && round != null ? deniers(run, round, earlier) : List.of();
    }

    /** Whether the receipt says what was known before. */
    public static boolean holds(Plant plant, Receipt receipt) {
        return switch (receipt.ending().cause()) {
            case NONE ->
                plant.fact() == Fact.DELIVERED
                        && SlaVerdict.resultDigest(receipt).equals(plant.digest());
            case CLIENT -> plant.fact() == Fact.ENDED_BY_CLIENT;
            case PROVIDER, NETWORK -> false;
        };
    }

    /** Only a completed run of another result is false: a time limit or an exit may be bad luck. */
    public static boolean isFalse(Plant plant, Receipt receipt) {
        return receipt.ending() == Ending.COMPLETED && receipt.ending().cause() == Cause.NONE && !holds(plant, receipt);
    }

    private static List<Offence> falseResult(Run run, ProtocolParameters parameters) {
        Wallet provider = run.machine().provider();
        if (provider == null) {
            return List.of();
        }
        Agreed agreed = Agreed.of(run.leased());
        Ath required = agreed == null
                ? PenaltyPolicy.required(
                        run.machine(), run.plant().spec().gpus().count(), parameters)
                : agreed.stake();
        return List.of(new FalseResult(
                PoolId.ofProvider(provider),
                run.lease(),
                run.epoch(),
                run.number(),
                required,
                run.endedAt(),
                run.leased().machine(),
                agreed == null ? null : agreed.parameters()));
    }

    private static List<Offence> deniers(Run run, Round round, ToIntFunction<Wallet> earlier) {
        boolean found = isFoundByQuorum(run, round);
        List<Offence> offences = new ArrayList<>();
        for (Seat seat : round.known().committee()) {
            ReportRevealed reveal = round.reveals().get(seat.checker());
            if (reveal != null && denies(reveal, run, found)) {
                offences.add(new FailedCanary(
                        PoolId.ofChecker(seat.checker()),
                        seat.attester(),
                        new SignedReport(reveal.report(), reveal.signature()),
                        run.lease(),
                        run.epoch(),
                        run.number(),
                        earlier.applyAsInt(seat.checker()),
                        round.known().commitUntil()));
            }
        }
        return List.copyOf(offences);
    }

    private static boolean isFoundByQuorum(Run run, Round round) {
        return Consensus.judge(round, round.known().revealUntil()) instanceof RoundFinalized e
                && e.verdicts().stream().anyMatch(verdict -> isKnown(verdict, run));
    }

    private static boolean isKnown(Verdict verdict, Run run) {
        return verdict.subject().equals(run.lease().toString())
                && verdict.fact() == run.plant().fact()
                && verdict.digest().equals(run.plant().digest());
    }

    private static boolean denies(ReportRevealed reveal, Run run, boolean foundByQuorum) {
        return reveal.report().findings().stream()
                .filter(finding -> finding.subject().equals(run.lease().toString()))
                .anyMatch(finding -> denies(finding, run.plant(), run.receipt(), foundByQuorum));
    }

    /** Whether a finding contradicts what was planted, where the receipt holds. */
    public static boolean denies(Finding finding, Plant plant, Receipt receipt, boolean foundByQuorum) {
        boolean same = finding.fact() == plant.fact()
                && (plant.fact() != Fact.DELIVERED || finding.digest().equals(plant.digest()));
        if (same || finding.fact() == Fact.NETWORK) {
            return false;
        }
        return finding.fact() != Fact.NOT_DELIVERED || receipt.outputs().isEmpty() || foundByQuorum;
    }
}
