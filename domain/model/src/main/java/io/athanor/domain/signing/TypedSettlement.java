package io.athanor.domain.signing;

import static io.athanor.domain.hash.Eip712.field;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.hash.Eip712;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.wire.CheckerProtocol.BatchDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.PayoutDuty;
import io.athanor.domain.wire.CheckerProtocol.RecordsDuty;
import io.athanor.domain.wire.CheckerProtocol.SignerSetDuty;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * Struct hashes of what the signer set cosigns for the contracts: batches, checkpoints of the transparency log, signer
 * sets and withdrawal roots. {@link SigningDomain#digest} of one is what a Checker's key signs.
 *
 * <p>Types and order of the fields are those of the contracts; one file of test vectors checks both. Values that do not
 * fit a field are an {@link IllegalArgumentException}.
 */
public final class TypedSettlement {
    private static final Eip712.Type BATCH = Eip712.Type.of(
            "Batch",
            field("seq", "uint64"),
            field("previous", "bytes32"),
            field("root", "bytes32"),
            field("count", "uint32"),
            field("total", "uint256"),
            field("epoch", "uint64"),
            field("setVersion", "uint32"));
    private static final Eip712.Type CHECKPOINT = Eip712.Type.of(
            "Checkpoint",
            field("size", "uint64"),
            field("root", "bytes32"),
            field("seq", "uint64"),
            field("setVersion", "uint32"));
    private static final Eip712.Type SIGNER_SET = Eip712.Type.of(
            "SignerSet", field("version", "uint32"), field("signers", "address[]"), field("quorum", "uint32"));
    private static final Eip712.Type WITHDRAWAL_ROOT = Eip712.Type.of(
            "WithdrawalRoot",
            field("vault", "address"),
            field("number", "uint64"),
            field("root", "bytes32"),
            field("count", "uint32"),
            field("total", "uint256"),
            field("seq", "uint64"),
            field("epoch", "uint64"),
            field("setVersion", "uint32"));

    private TypedSettlement() {}

    /** @param epoch the last epoch that the batch settles */
    public static Hash32 batch(Batch batch, long epoch, int setVersion) {
        return BATCH.hashStruct(Map.of(
                "seq", number(batch.seq()),
                "previous", batch.previous(),
                "root", batch.root(),
                "count", number(batch.count()),
                "total", batch.total().wei(),
                "epoch", number(epoch),
                "setVersion", number(setVersion)));
    }

    /**
     * @param size leaves of the log of records
     * @param seq the newest batch that the signers had replayed
     */
    public static Hash32 checkpoint(long size, Hash32 root, long seq, int setVersion) {
        return CHECKPOINT.hashStruct(
                Map.of("size", number(size), "root", root, "seq", number(seq), "setVersion", number(setVersion)));
    }

    /** @param signers in ascending order of their addresses */
    public static Hash32 signerSet(int version, List<Wallet> signers, int quorum) {
        return SIGNER_SET.hashStruct(Map.of(
                "version",
                number(version),
                "signers",
                signers.stream().map(Wallet::address).toList(),
                "quorum",
                number(quorum)));
    }

    /** What a checker signs for a duty. */
    public static Hash32 of(CosignDuty duty) {
        return switch (duty) {
            case BatchDuty d -> batch(d.batch(), d.epoch(), d.setVersion());
            case PayoutDuty d ->
                withdrawalRoot(new WithdrawalRoot(
                        d.vault(),
                        d.payout().number(),
                        d.payout().root(),
                        d.payout().count(),
                        d.payout().total(),
                        d.payout().seq(),
                        d.epoch(),
                        d.setVersion()));
            case RecordsDuty d ->
                checkpoint(
                        d.checkpoint().size(),
                        d.checkpoint().root(),
                        d.checkpoint().seq(),
                        d.setVersion());
            case SignerSetDuty d ->
                signerSet(
                        Math.toIntExact(d.number()),
                        d.draw().signers(),
                        d.draw().quorum());
        };
    }

    /** What {@link #withdrawalRoot} covers; {@code total} is the sum of the cumulative withdrawals, in wei. */
    public record WithdrawalRoot(
            Wallet vault, long number, Hash32 root, int count, Ath total, long seq, long epoch, int setVersion) {}

    public static Hash32 withdrawalRoot(WithdrawalRoot posting) {
        return WITHDRAWAL_ROOT.hashStruct(Map.of(
                "vault", posting.vault().address(),
                "number", number(posting.number()),
                "root", posting.root(),
                "count", number(posting.count()),
                "total", posting.total().wei(),
                "seq", number(posting.seq()),
                "epoch", number(posting.epoch()),
                "setVersion", number(posting.setVersion())));
    }

    private static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }
}
