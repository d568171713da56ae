package io.athanor.domain.testing;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.MatchLeaf;
import io.athanor.domain.epoch.MatchProof;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.Lease;
import io.athanor.domain.penalty.Offence.Refutation;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import java.time.Instant;
import java.util.List;

/** A batch of one lease, whose match and agreement may name different prices, and who is accused of having signed it. */
public final class Matches {
    public static final int FENCE = 2;
    public static final long EPOCH = 4;
    private static final int SET = 1;

    private Matches() {}

    private static JobAssigned assigned(TaskId task, Ath price) {
        Samples samples = new Samples(5);
        Lease lease = samples.lease(task.lease(FENCE), samples.spec(), price);
        return new JobAssigned(task, lease, Samples.at(0));
    }

    /** The proof of a match at one price whose agreement is at another or the same. */
    public static MatchProof proof(TaskId task, Ath matched, Ath agreed) {
        List<byte[]> leaves =
                List.of(MatchLeaf.match(assigned(task, matched)), MatchLeaf.agreement(assigned(task, agreed)));
        Batch batch = new Batch(7, Hash32.ZERO, MerkleTree.root(leaves), leaves.size(), Ath.ZERO);
        return MatchProof.of(
                batch,
                EPOCH,
                SET,
                leaves,
                MatchLeaf.matchIn(leaves, task, FENCE),
                MatchLeaf.agreementIn(leaves, task, FENCE));
    }

    public static RefutedMatch offence(
            Wallet accused,
            Wallet attester,
            MatchProof proof,
            String signature,
            TaskId task,
            Mismatch finding,
            Instant since) {
        Refutation refutation = new Refutation(task, FENCE, finding, accused, Hash32.ZERO, 9);
        return new RefutedMatch(PoolId.ofChecker(accused), attester, proof, signature, refutation, since);
    }
}
