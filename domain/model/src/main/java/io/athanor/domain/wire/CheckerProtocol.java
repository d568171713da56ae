package io.athanor.domain.wire;

import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.Payout;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.epoch.SignerDraw;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import java.time.Instant;
import java.util.List;

/**
 * The checker protocol: JSON over HTTP, checker to server, under {@code /checker/v1}. Requests are signed by the
 * attester key; what must stay true for ever (commitments, reports, batch approvals) carries its own EIP-712
 * signature besides.
 */
public final class CheckerProtocol {
    private CheckerProtocol() {}

    /**
     * {@code GET /checker/v1/duties?after=<newest>}: a long poll of at most 10 s; what this checker has to do now.
     *
     * @param rounds open ones that were opened after the asked event; without {@code after} all of them
     * @param newest the event that opened the last of {@code rounds}, else the asked one: what to ask after next
     */
    public record Duties(Instant serverTime, List<RoundDuty> rounds, long newest, List<CosignDuty> cosign) {
        public Duties {
            rounds = List.copyOf(rounds);
            cosign = List.copyOf(cosign);
        }
    }

    /** A round in which the checker sits, with how far it got. */
    public record RoundDuty(RoundOpened round, boolean committed, boolean revealed) {}

    /** {@code POST /checker/v1/challenges}: introduces a machine to the checker's probe endpoint. */
    public record Introduce(RoundId round, MachineId machine, String nonce) {}

    /** @param introduced false where the machine has no session: the network's fault, not the machine's */
    public record Introduced(boolean introduced) {}

    /** {@code GET /checker/v1/deliveries/<lease>}: what a checker needs to judge a delivery. */
    public record Delivery(Lease lease, JobSpec spec, Receipt receipt, Instant startedAt, Instant endedAt) {}

    /**
     * {@code GET /checker/v1/rounds/<round>/deliveries}: all of a delivery round in one answer, in the round's order; what
     * has no receipt is left out.
     */
    public record Deliveries(List<Delivery> deliveries) {
        public Deliveries {
            deliveries = List.copyOf(deliveries);
        }
    }

    /**
     * {@code GET /checker/v1/machines/<id>}: what a machine claims to be.
     *
     * @param score that its certificate states, in ppm of an H100; 0 without one
     */
    public record MachineFacts(MachineId machine, Wallet provider, String agentKey, Inventory inventory, long score) {}

    /** {@code POST /checker/v1/rounds/<round>/commit}. */
    public record Commit(Hash32 commitment, String signature) {}

    /** {@code POST /checker/v1/rounds/<round>/reveal}. The evidence is uploaded first. */
    public record Reveal(Report report, Hash32 salt, String signature) {}

    /** {@code PUT /checker/v1/evidence/<digest>}: raw bytes; the answer. */
    public record EvidenceStored(Sha256 digest, long bytes) {}

    /**
     * What waits for this checker's signature. It replays the export up to {@code exportUpTo} first, finds there what it
     * is to sign, and signs {@link io.athanor.domain.signing.TypedSettlement#of}.
     */
    public sealed interface CosignDuty permits BatchDuty, PayoutDuty, SignerSetDuty, RecordsDuty {
        /** Its number among those of its kind. */
        long number();

        /** Of the signer set on chain whose quorum counts. */
        int setVersion();

        /** The event with which it is complete in the history. */
        long exportUpTo();

        /** Its kind in paths. */
        default CosignKind kind() {
            return switch (this) {
                case BatchDuty d -> CosignKind.BATCH;
                case PayoutDuty d -> CosignKind.PAYOUT;
                case SignerSetDuty d -> CosignKind.SIGNERS;
                case RecordsDuty d -> CosignKind.RECORDS;
            };
        }
    }

    /** Kinds of what a quorum signs. */
    public enum CosignKind {
        BATCH,
        PAYOUT,
        SIGNERS,
        RECORDS
    }

    /** @param epoch whose books it belongs to */
    public record BatchDuty(Batch batch, long epoch, int setVersion, long exportUpTo) implements CosignDuty {
        @Override
        public long number() {
            return batch.seq();
        }
    }

    /** @param epoch with whose closing it was fixed */
    public record PayoutDuty(Wallet vault, Payout payout, long epoch, int setVersion, long exportUpTo)
            implements CosignDuty {
        @Override
        public long number() {
            return payout.number();
        }
    }

    /** @param number the new set's version; the set before it signs */
    public record SignerSetDuty(long number, SignerDraw draw, int setVersion, long exportUpTo) implements CosignDuty {}

    /** A state of the log of records. */
    public record RecordsDuty(Checkpoint checkpoint, int setVersion, long exportUpTo) implements CosignDuty {
        @Override
        public long number() {
            return checkpoint.number();
        }
    }

    /** {@code POST /checker/v1/cosign/<kind>/<number>}. */
    public record Cosign(String signature) {}

    // The export itself is GET /checker/v1/export?after=<index>: JSON lines, the audit format.
}
