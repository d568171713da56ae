package io.athanor.domain.penalty;

import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.MatchProof;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Keccak256;
import io.athanor.domain.job.Billing;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is accused of, with the evidence.
 *
 * <p>Invariant: one offence has one name, and the case's id follows from it, so one offence is one case, whoever reports it
 * and however often.
 */
public sealed interface Offence {
    /** Whose stake answers. */
    PoolId accused();

    /** The offence's name. */
    String name();

    /** When it happened, or began. */
    Instant since();

    /** The machine that did it, null where it is none's or the case does not say. */
    default @Nullable MachineId machine() {
        return null;
    }

    /** The one case of this offence. */
    default CaseId caseId() {
        return caseOf(name());
    }

    /** The case of the offence with this name: a UUID made of it. */
    static CaseId caseOf(String name) {
        byte[] digest = Keccak256.hash(("athanor.case.v1\n" + name).getBytes(StandardCharsets.UTF_8));
        ByteBuffer words = ByteBuffer.wrap(digest);
        long high = words.getLong() & ~0xF000L | 0x8000L;
        long low = words.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new CaseId(new UUID(high, low));
    }

    /** A report with its attester's signature. */
    record SignedReport(Report report, String signature) {}

    /**
     * A checker signed two reports for one round: its two signatures are the proof.
     *
     * @param since the end of the round's commit window
     */
    record Equivocation(PoolId accused, Wallet attester, SignedReport one, SignedReport other, Instant since)
            implements Offence {
        @Override
        public String name() {
            return "equivocation " + accused + " " + round();
        }

        public RoundId round() {
            return one.report().round();
        }

        /** Whether the two reports are of one round and one checker, and differ; their signatures are not looked at. */
        public boolean contradicts() {
            Report a = one.report();
            Report b = other.report();
            return a.round().equals(b.round())
                    && a.checker().equals(b.checker())
                    && a.checker().equals(accused.operator())
                    && !a.equals(b);
        }
    }

    /**
     * A machine went away while it held leases. The whole outage is one offence.
     *
     * @param leases lost by it
     * @param required stake that was required for the leased GPUs
     * @param rounds in which a quorum found the machine offline
     * @param judges owner groups whose checkers sat in them: none of theirs judges an appeal
     */
    record Downtime(
            PoolId accused,
            MachineId machine,
            Instant since,
            List<LostLease> leases,
            Ath required,
            List<RoundId> rounds,
            List<String> judges)
            implements Offence {
        public Downtime {
            leases = List.copyOf(leases);
            rounds = List.copyOf(rounds);
            judges = List.copyOf(judges);
        }

        @Override
        public String name() {
            return "downtime " + machine + " " + since;
        }

        /** Whether the agreements say what it costs; otherwise the parameters in force do. */
        public boolean isAgreed() {
            return !leases.isEmpty() && leases.stream().allMatch(lease -> lease.agreed() != null);
        }

        /** @param required by the parameters in force for so many of the machine's GPUs, where the agreements name no stake */
        public static Downtime of(
                PoolId accused,
                MachineId machine,
                Instant since,
                List<LostLease> leases,
                IntFunction<Ath> required,
                List<RoundId> rounds,
                List<String> judges) {
            Downtime agreed = new Downtime(accused, machine, since, leases, stakes(leases), rounds, judges);
            int gpus = leases.stream().mapToInt(LostLease::gpus).sum();
            return agreed.isAgreed()
                    ? agreed
                    : new Downtime(accused, machine, since, leases, required.apply(gpus), rounds, judges);
        }

        private static Ath stakes(List<LostLease> leases) {
            return Ath.sum(leases.stream().map(LostLease::stake).toList());
        }
    }

    /**
     * A lease that an outage ended.
     *
     * @param gpus how many it held
     * @param bill what its run time until then would have cost
     * @param agreedEnd at the latest
     * @param agreed what the lease's agreement says of penalties; null where it says nothing
     */
    record LostLease(
            LeaseId lease,
            Wallet client,
            int gpus,
            Ath bill,
            Instant agreedEnd,
            @Nullable Agreed agreed) {
        /** A lease whose agreement says nothing of penalties. */
        public LostLease(LeaseId lease, Wallet client, int gpus, Ath bill, Instant agreedEnd) {
            this(lease, client, gpus, bill, agreedEnd, null);
        }

        /** Zero where the agreement names none. */
        Ath stake() {
            return agreed == null ? Ath.ZERO : agreed.stake();
        }

        /** Of a task's state and the event that ended its lease: both are in the history. */
        public static LostLease of(Job.Leased leased, JobLost lost) {
            Lease lease = leased.lease();
            JobSpec spec = leased.order().spec();
            Instant from = leased.startedAt() == null ? lost.at() : leased.startedAt();
            long ran = Math.max(0, Duration.between(from, lost.at()).toMillis());
            return new LostLease(
                    lease.id(),
                    leased.order().client(),
                    lease.gpus().size(),
                    Billing.cost(ran, lease.price(), lease.gpus().size()).min(spec.capOfTask()),
                    from.plusMillis(spec.maxDurationMillis()),
                    Agreed.of(lease));
        }
    }

    /**
     * What an agreement says of penalties.
     *
     * @param parameters the version whose schedule counts
     * @param stake that was required for the leased GPUs when they were leased, in wei
     */
    record Agreed(int parameters, Ath stake) {
        /** Null for a lease whose agreement names no stake. */
        public static @Nullable Agreed of(Lease lease) {
            Promise promise = lease.agreement().promise();
            Ath stake = promise == null ? null : promise.stake();
            return promise == null || stake == null ? null : new Agreed(promise.parameters(), stake);
        }
    }

    /**
     * A client says that what it paid for was not delivered.
     *
     * @param bill what it paid
     * @param deposit held until the case is over
     * @param judges owner groups whose checkers judged the delivery before: none of theirs judges the dispute
     * @param since the end of the task
     */
    record Dispute(
            PoolId accused,
            DeliverySubject delivery,
            Wallet client,
            Ath bill,
            Ath deposit,
            String why,
            List<String> judges,
            Instant since)
            implements Offence {
        public Dispute {
            judges = List.copyOf(judges);
        }

        @Override
        public String name() {
            return name(delivery.lease());
        }

        /** A delivery is disputed once. */
        public static String name(LeaseId lease) {
            return "dispute " + lease;
        }
    }

    /**
     * A checker's signed report denies what was known of a mystery-shopper job before it was ordered, and what the machine's
     * receipt confirms.
     *
     * @param epoch and {@code plant}: where the opened plan holds the known fact
     * @param earlier canaries that it failed within the days that count
     * @param since the end of the round's commit window
     */
    record FailedCanary(
            PoolId accused,
            Wallet attester,
            SignedReport report,
            LeaseId lease,
            long epoch,
            int plant,
            int earlier,
            Instant since)
            implements Offence {
        @Override
        public String name() {
            return "canary " + accused + " " + lease;
        }

        public RoundId round() {
            return report.report().round();
        }
    }

    /**
     * A machine's signed receipt gives another result of a mystery-shopper job than the known one.
     *
     * @param required stake that was required for the leased GPUs
     * @param since when the end was taken
     * @param machine that ran it; null in cases from before they took its work away
     * @param parameters the version that the lease's agreement names, by which the stake was required; null where the
     *     agreement names no stake, which then follows the parameters in force at the opening
     * @param witnesses runs of the same order on machines of other owners that gave the known result; null in cases from before
     *     there had to be any
     */
    record FalseResult(
            PoolId accused,
            LeaseId lease,
            long epoch,
            int plant,
            Ath required,
            Instant since,
            @Nullable MachineId machine,
            @Nullable Integer parameters,
            @Nullable List<LeaseId> witnesses)
            implements Offence {
        public FalseResult {
            witnesses = witnesses == null ? null : List.copyOf(witnesses);
        }

        /** As it was told before it named its machine. */
        public FalseResult withoutMachine() {
            return new FalseResult(accused, lease, epoch, plant, required, since, null, parameters, witnesses);
        }

        @Override
        public String name() {
            return "false result " + lease;
        }
    }

    /**
     * A quorum found other hardware than the machine claims.
     *
     * @param required stake that the claim would require
     * @param judges owner groups whose checkers sat in the round
     * @param since the end of the round's commit window
     */
    record Counterfeit(
            PoolId accused, MachineId machine, RoundId round, Ath required, List<String> judges, Instant since)
            implements Offence {
        public Counterfeit {
            judges = List.copyOf(judges);
        }

        @Override
        public String name() {
            return "counterfeit " + machine + " " + round;
        }
    }

    /**
     * A checker signed a batch with a match that the contract refuted. However many matches of the batch are, it is one
     * offence of each that signed it.
     *
     * @param attester the key that signed
     * @param signature of the batch, 0x hex
     * @param since the end of the batch's epoch
     */
    record RefutedMatch(
            PoolId accused, Wallet attester, MatchProof proof, String signature, Refutation refutation, Instant since)
            implements Offence {
        @Override
        public String name() {
            return "refuted match " + accused + " batch " + proof.batch().seq();
        }

        /** Whether the leaves are in what was signed, and differ where they are said to; order and signature are not seen. */
        public boolean isProven() {
            return proof.holds(refutation.task(), refutation.fence())
                    && (refutation.finding() != Mismatch.TERMS_DIFFER || proof.termsDiffer());
        }
    }

    /**
     * What a final block says of a match.
     *
     * @param transaction in which it was refuted, of {@code block}
     */
    record Refutation(TaskId task, int fence, Mismatch finding, Wallet reporter, Hash32 transaction, long block) {}
}
