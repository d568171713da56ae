package io.athanor.domain.epoch;

import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent.JobSettled;
import java.nio.charset.StandardCharsets;

/**
 * The leaf that one settled task becomes in its epoch's batch. It refers to the task's match and agreement by the key of
 * the task; where a task was matched several times, the highest fence is the one that was settled.
 */
public final class SettlementLeaf {
    private static final Abi.Layout LAYOUT = Abi.Layout.of(
            "bytes32 job",
            "address client",
            "address provider",
            "uint256 cost",
            "uint256 providerAmount",
            "uint256 fee",
            "bytes32 resultDigest",
            "uint8 verdict",
            "uint64 epoch");

    private SettlementLeaf() {}

    /** The task's key on chain: keccak of its text. */
    public static Hash32 key(TaskId task) {
        return Hash32.keccak(task.toString().getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] of(JobSettled settled) {
        Wallet provider = settled.provider() == null ? Wallet.ZERO : settled.provider();
        return LeafKind.SETTLEMENT.leaf(LAYOUT.encode(
                key(settled.task()),
                settled.client().address(),
                provider.address(),
                settled.assessment().cost().wei(),
                settled.assessment().providerAmount().wei(),
                settled.assessment().protocolFee().wei(),
                settled.assessment().resultDigest(),
                settled.assessment().outcome().number(),
                settled.epoch()));
    }
}
