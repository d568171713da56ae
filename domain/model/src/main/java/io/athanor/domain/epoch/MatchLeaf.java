package io.athanor.domain.epoch;

import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.Lease;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The two leaves that a lease becomes in the batch of the epoch in which it was made: who was matched with whom, and what
 * was promised. A settlement's leaf names the same task key.
 *
 * <p>Invariant: functions of the event alone. Prices per GPU-second in wei, times in unix ms.
 */
public final class MatchLeaf {
    private static final Abi.Layout MATCH = Abi.Layout.of(
            "bytes32 jobKey",
            "bytes32 job",
            "uint32 task",
            "uint32 fence",
            "bytes32 machine",
            "address provider",
            "uint32 gpus",
            "uint256 price",
            "uint64 startBy",
            "uint64 assignedAt",
            "bool simulated");
    private static final Abi.Layout AGREEMENT = Abi.Layout.of(
            "bytes32 jobKey",
            "uint32 fence",
            "address provider",
            "uint256 price",
            "uint64 tierPpm",
            "uint64 startDeadlineMillis",
            "uint32 formulaVersion");

    private static final int MATCH_FENCE = 3;
    private static final int AGREEMENT_FENCE = 1;

    private MatchLeaf() {}

    /** The order is named by its job's id, the offer by the machine; both ids are taken once. */
    public static byte[] match(JobAssigned assigned) {
        Lease lease = assigned.lease();
        TaskId task = assigned.task();
        return LeafKind.MATCH.leaf(MATCH.encode(
                SettlementLeaf.key(task),
                UuidText.word(task.job().value()),
                task.index(),
                lease.id().fence(),
                UuidText.word(lease.machine().value()),
                lease.provider().address(),
                lease.gpus().size(),
                lease.price().wei(),
                lease.startBy().toEpochMilli(),
                assigned.at().toEpochMilli(),
                lease.simulated()));
    }

    /** The place of a lease's match among a batch's leaves, -1 where there is none. */
    public static int matchIn(List<byte[]> leaves, TaskId task, int fence) {
        return find(leaves, LeafKind.MATCH, task, fence, MATCH_FENCE);
    }

    /** The same of its agreement. */
    public static int agreementIn(List<byte[]> leaves, TaskId task, int fence) {
        return find(leaves, LeafKind.AGREEMENT, task, fence, AGREEMENT_FENCE);
    }

    private static int find(List<byte[]> leaves, LeafKind kind, TaskId task, int fence, int fenceAt) {
        byte[] key = SettlementLeaf.key(task).bytes();
        return IntStream.range(0, leaves.size())
                .filter(at -> leaves.get(at)[0] == kind.number())
                .filter(at -> Arrays.equals(key, Arrays.copyOfRange(leaves.get(at), 1, 1 + Hash32.BYTES)))
                .filter(at -> ByteBuffer.wrap(leaves.get(at)).getInt(1 + (fenceAt + 1) * Hash32.BYTES - Integer.BYTES)
                        == fence)
                .findFirst()
                .orElse(-1);
    }

    public static byte[] agreement(JobAssigned assigned) {
        Lease lease = assigned.lease();
        return LeafKind.AGREEMENT.leaf(AGREEMENT.encode(
                SettlementLeaf.key(assigned.task()),
                lease.id().fence(),
                lease.provider().address(),
                lease.price().wei(),
                lease.agreement().tier(),
                lease.agreement().startDeadlineMillis(),
                lease.agreement().formulaVersion()));
    }
}
