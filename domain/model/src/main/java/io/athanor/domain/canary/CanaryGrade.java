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
import io.athanor.domain.protocol.Accountability.Vetting;
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
 * <p>Invariant: a pure function of the history, and nobody honest fails. The plan's word accuses no machine: the image must be
 * one that governance knows to give the same result everywhere, and machines of other owners must have given the known result
 * of the same order ({@link Vetting}). A checker answers only for what the signed receipt proves; for outputs that it did not
 * find only where a quorum found them, since a machine that never stored them must not be able to frame whoever says so.
 */
public final class CanaryGrade {
    private CanaryGrade() {}

    /**
     * How one plant went.
     *
     * @param leased the lease that it ran under, on what is now {@code machine}
     * @param group of the machine's owner; empty where nobody owns it
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
            String group,
            Instant endedAt,
            @Nullable Round round) {
        LeaseId lease() {
            return receipt.lease();
        }
    }

    /**
     * What follows from it, by the accused's wallet.
     *
     * @param all runs of the plan, of which some may bear witness
     * @param earlier how many canaries a checker failed within the days that count
     */
    public static List<Offence> offences(
            Run run, List<Run> all, ProtocolParameters parameters, ToIntFunction<Wallet> earlier) {
        if (isFalse(run.plant(), run.receipt())) {
            return falseResult(run, all, parameters);
        }
        Round round = run.round();
        return holds(run.plant(), run.receipt()) && round != null ? deniers(run, round, earlier) : List.of();
    }

    /** Runs that ended by the client's cause where enough others completed the same order. */
    public static List<Undelivered> undelivered(List<Run> all, Vetting vetting) {
        return all.stream()
                .filter(run -> isUndelivered(run.plant(), run.receipt()) && isWitnessed(run, all, vetting))
                .map(run -> new Undelivered(run.lease(), run.leased().machine()))
                .toList();
    }

    /** A client cancels for any reason; everything else that the machine calls the client's doing it may have made up. */
    private static boolean isUndelivered(Plant plant, Receipt receipt) {
        return plant.fact() == Fact.DELIVERED
                && receipt.ending().cause() == Cause.CLIENT
                && receipt.ending() != Ending.CANCELLED;
    }

    /** Whether the order's image is vetted and enough other owner groups gave the known result. */
    private static boolean isWitnessed(Run run, List<Run> all, Vetting vetting) {
        long groups = all.stream()
                .filter(other -> bearsWitness(other, run))
                .map(Run::group)
                .distinct()
                .count();
        return vetting.isOf(run.plant().spec().image()) && groups >= vetting.witnesses();
    }

    private static boolean bearsWitness(Run other, Run run) {
        return !run.group().isEmpty()
                && !other.group().isEmpty()
                && !other.group().equals(run.group())
                && bearsWitness(other.plant(), other.receipt(), run.plant());
    }

    /** Whether a receipt is of the same order beside its wallet, and gives the known result. */
    public static boolean bearsWitness(Plant other, Receipt receipt, Plant plant) {
        return plant.fact() == Fact.DELIVERED
                && other.spec().equals(plant.spec())
                && other.digest().equals(plant.digest())
                && holds(other, receipt);
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

    private static List<Offence> falseResult(Run run, List<Run> all, ProtocolParameters parameters) {
        Vetting vetting = CanaryOpening.vetting(parameters);
        return vetting == null || isWitnessed(run, all, vetting)
                ? accusing(run, vetting == null ? null : witnesses(run, all), parameters)
                : List.of();
    }

    /** The case of its false result; none where nobody owns the machine. */
    static List<Offence> accusing(Run run, @Nullable List<LeaseId> witnesses, ProtocolParameters parameters) {
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
                agreed == null ? null : agreed.parameters(),
                witnesses));
    }

    private static List<LeaseId> witnesses(Run run, List<Run> all) {
        return all.stream()
                .filter(other -> bearsWitness(other, run))
                .map(Run::lease)
                .toList();
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
