package io.athanor.domain.job;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Ending.Cause;
import io.athanor.domain.protocol.ProtocolParameters;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an ended task is worth: the committee's verdict, made into money.
 *
 * <p>Billable milliseconds are the least of the agent's monotonic run time, the server's interval from start to end,
 * the committee's median, and what the cap pays for. Invariant: the cost never passes the task's cap; what provider or
 * network caused is free; a broken promise gives back its credit ({@link SlaCredit}), of which provider and protocol bear their shares;
 * what no committee could judge faults nobody and is paid as the receipt bills.
 */
public final class SlaVerdict {
    public static final int FORMULA_VERSION = Promise.FORMULA_VERSION;
    private static final int WITHOUT_PROMISE = 1;
    private static final int BPS = 10_000;

    private SlaVerdict() {}

    /**
     * Judges.
     *
     * @param verdict what the committee decided, null where its round was inconclusive as a whole, or nothing ran
     * @param round the closed round; null only where no container ran
     * @throws IllegalArgumentException where a container ran and there is no round, or the verdict is not of a delivery
     */
    public static Assessment assess(
            Job.Ended ended, @Nullable Verdict verdict, @Nullable RoundId round, ProtocolParameters parameters) {
        Receipt receipt = ended.receipt();
        Lease lease = ended.lease();
        if (receipt == null || lease == null) {
            return free(ended, neverRan(ended.ending()), null, Hash32.ZERO);
        }
        if (round == null) {
            throw new IllegalArgumentException(receipt.lease() + " ran in a container and needs a closed round");
        }
        Hash32 digest = resultDigest(receipt);
        Outcome outcome = outcome(ended, receipt, verdict, digest);
        if (outcome == Outcome.NOT_DELIVERED) {
            return free(ended, outcome, round, digest);
        }
        long attested = verdict == null || outcome == Outcome.EXCLUDED ? Long.MAX_VALUE : verdict.measure();
        long billable = Math.min(attested, billedByReceipt(ended, receipt, lease));
        return paid(ended, lease, receipt, outcome, round, Math.max(0, billable), digest, parameters);
    }

    /** Keccak over the outputs' paths and digests in path order; equal for equal outputs only. */
    public static Hash32 resultDigest(Receipt receipt) {
        return resultDigest(receipt.outputs());
    }

    /** The same of files alone. */
    public static Hash32 resultDigest(List<Receipt.Output> outputs) {
        StringBuilder text = new StringBuilder("athanor.result.v1\n");
        outputs.stream()
                .sorted(Comparator.comparing(Receipt.Output::path))
                .forEach(o -> text.append(o.path().length())
                        .append(':')
                        .append(o.path())
                        .append(' ')
                        .append(o.sha256())
                        .append('\n'));
        return Hash32.keccak(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Outcome neverRan(Ending ending) {
        return ending.cause() == Cause.CLIENT ? Outcome.ENDED_BY_CLIENT : Outcome.NOT_DELIVERED;
    }

    private static Outcome outcome(Job.Ended ended, Receipt receipt, @Nullable Verdict verdict, Hash32 digest) {
        if (notTheClients(ended.ending()) || notTheClients(receipt.ending())) {
            return Outcome.NOT_DELIVERED;
        }
        Fact fact = verdict == null ? null : verdict.fact();
        if (verdict == null || fact == null) {
            return Outcome.EXCLUDED;
        }
        return switch (fact) {
            // A quorum that saw other outputs than the receipt names did not confirm this result.
            case DELIVERED -> verdict.digest().equals(digest) ? Outcome.DELIVERED : Outcome.NOT_DELIVERED;
            case ENDED_BY_CLIENT -> Outcome.ENDED_BY_CLIENT;
            case NOT_DELIVERED -> Outcome.NOT_DELIVERED;
            case NETWORK -> Outcome.EXCLUDED;
            case ONLINE, OFFLINE, GENUINE, COUNTERFEIT, TOO_SLOW, UPHELD, REFUTED ->
                throw new IllegalArgumentException(fact + " is no verdict on a delivery");
        };
    }

    private static boolean notTheClients(Ending ending) {
        return ending.cause() == Cause.PROVIDER || ending.cause() == Cause.NETWORK;
    }

    private static long billedByReceipt(Job.Ended ended, Receipt receipt, Lease lease) {
        long interval =
                ended.startedAt() == null ? 0 : Billing.longestRunMillis(lease, ended.startedAt(), ended.endedAt());
        long paidUntil = Billing.paidUntilMillis(ended.order().spec(), lease.price());
        return Math.min(receipt.runMillis(), Math.min(interval, paidUntil));
    }

    private static Assessment paid(
            Job.Ended ended,
            Lease lease,
            Receipt receipt,
            Outcome outcome,
            RoundId round,
            long billableMillis,
            Hash32 digest,
            ProtocolParameters parameters) {
        Ath cap = ended.order().spec().capOfTask();
        Ath bill =
                Billing.cost(billableMillis, lease.price(), lease.gpus().size()).min(cap);
        // What no committee could judge faults nobody, late or not.
        List<SlaCredit> credits =
                outcome == Outcome.EXCLUDED ? List.of() : SlaCredit.of(ended, lease, receipt, billableMillis, bill);
        Ath back = credits.stream().map(SlaCredit::amount).reduce(Ath.ZERO, Ath::plus);
        Ath cost = bill.minus(back);
        Ath host = cost.bps(BPS - parameters.reward().protocolFeeBps());
        return new Assessment(
                outcome,
                round,
                billableMillis,
                cost,
                host,
                cost.minus(host),
                cap.minus(cost),
                digest,
                version(lease),
                lease.simulated(),
                credits);
    }

    /** What promises nothing, or was never leased, is judged as it was before there were promises. */
    private static int version(@Nullable Lease lease) {
        return lease == null || lease.agreement().promise() == null
                ? WITHOUT_PROMISE
                : lease.agreement().formulaVersion();
    }

    private static Assessment free(Job.Ended ended, Outcome outcome, @Nullable RoundId round, Hash32 digest) {
        Ath cap = ended.order().spec().capOfTask();
        Lease lease = ended.lease();
        return new Assessment(
                outcome,
                round,
                0,
                Ath.ZERO,
                Ath.ZERO,
                Ath.ZERO,
                cap,
                digest,
                version(lease),
                lease != null && lease.simulated());
    }
}
