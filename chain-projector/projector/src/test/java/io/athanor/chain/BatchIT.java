package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.athanor.chain.MessageTables.Attempt;
import io.athanor.chain.MessageTables.State;
import io.athanor.contracts.Calls;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch's way to the chain: sealed, cosigned, sent, final, and provable leaf by leaf. */
@Tag("chain")
@Tag("postgres")
class BatchIT {
    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private final ProjectorLoop loop = world.loop();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void goesAllTheWayAndEachLeafIsProvable() {
        List<byte[]> leaves = settlements.settle(0, 5);
        assertThat(world.state(1)).isEqualTo(State.SEALED);
        settlements.collect(loop, 1);
        assertThat(world.approvals.waitingFor(ChainWorld.wallet(6)))
                .extracting(CosignDuty::kind, CosignDuty::number, CosignDuty::setVersion)
                .containsExactly(tuple(CosignKind.BATCH, 1L, 1));

        world.approve(8, 1);
        world.approve(7, 1);
        loop.tick();
        assertThat(world.state(1)).as("two of three").isEqualTo(State.COLLECTING);
        world.approve(6, 1);
        world.approve(5, 1);
        assertThat(world.approvals.waitingFor(ChainWorld.wallet(6))).isEmpty();
        loop.tick();
        assertThat(world.state(1)).isEqualTo(State.SIGNED);
        loop.tick();
        assertThat(world.state(1)).isEqualTo(State.SENT);
        loop.tick();
        assertThat(world.state(1)).isEqualTo(State.MINED);
        loop.tick();
        assertThat(world.log.events(SettlementAnchored.class))
                .as("not final yet")
                .isEmpty();
        world.mine(ChainWorld.FINAL);
        loop.tick();
        assertThat(world.state(1)).isEqualTo(State.FINAL);

        SettlementAnchored anchored = world.log.events(SettlementAnchored.class).getFirst();
        assertThat(anchored.transaction().hex()).isEqualTo(world.batch(1).transaction());
        assertThat(anchored.block()).isEqualTo(world.batch(1).block());
        assertThat(world.submissions()).isEqualTo(1);
        proves(leaves);
    }

    private void proves(List<byte[]> leaves) {
        MerkleTree tree = MerkleTree.of(leaves);
        for (int i = 0; i < leaves.size(); i++) {
            byte[] changed = leaves.get(i).clone();
            changed[changed.length - 1] ^= 1;
            assertThat(included(i, leaves.get(i), tree.inclusionProof(i))).isTrue();
            assertThat(included(i, changed, tree.inclusionProof(i))).isFalse();
        }
    }

    private boolean included(int index, byte[] leaf, List<Hash32> proof) {
        SettlementLog log = Contracts.log(world.contracts.log(), world.web3j);
        return Calls.read(log.verifyInclusion(
                BigInteger.ONE,
                BigInteger.valueOf(index),
                BigInteger.valueOf(leaf[0]),
                Arrays.copyOfRange(leaf, 1, leaf.length),
                proof.stream().map(Hash32::bytes).toList()));
    }

    @Test
    void severalBatchesGoInOrderWithFollowingNonces() {
        settlements.settle(0, 3);
        settlements.settle(1, 2);
        settlements.collect(loop, 2);
        for (int checker = 5; checker < 8; checker++) {
            world.approve(checker, 2);
        }
        loop.tick();
        loop.tick();
        assertThat(world.state(2)).as("waits for batch 1").isEqualTo(State.SIGNED);
        for (int checker = 5; checker < 8; checker++) {
            world.approve(checker, 1);
        }
        for (int i = 0; i < 6; i++) {
            loop.tick();
        }
        world.mine(ChainWorld.FINAL);
        loop.tick();

        assertThat(List.of(world.state(1), world.state(2))).containsOnly(State.FINAL);
        assertThat(world.log.events(SettlementAnchored.class))
                .extracting(SettlementAnchored::seq)
                .containsExactly(1L, 2L);
        assertThat(nonce(1)).isZero();
        assertThat(nonce(2)).isEqualTo(1);
    }

    private long nonce(long seq) {
        return world.attempts(seq).stream().mapToLong(Attempt::nonce).max().orElseThrow();
    }

    @Test
    void onlyTheSetsSignaturesOverThisBatchAreTaken() {
        settlements.settle(0, 3);
        settlements.settle(1, 2);
        refused(Reason.NOT_FOUND, 3, 5, "0x00");
        refused(Reason.NOT_ALLOWED, 1, 5, "0x00");
        settlements.collect(loop, 1);

        String good = world.signature(5, 1);
        refused(Reason.NOT_ALLOWED, 1, 9, good);
        refused(Reason.SIGNATURE_INVALID, 1, 6, good);
        refused(Reason.SIGNATURE_INVALID, 2, 5, good);
        refused(Reason.SIGNATURE_INVALID, 1, 5, "0x" + "11".repeat(65));
        refused(Reason.MALFORMED, 1, 5, "not hex");
        assertThat(world.signatures(1, 3)).isEmpty();

        world.approvals.approve(CosignKind.BATCH, 1, ChainWorld.wallet(5), good);
        world.approvals.approve(CosignKind.BATCH, 1, ChainWorld.wallet(5), good);
        assertThat(world.signatures(1, 3)).containsExactly(good);
        world.approve(6, 1);
        world.approve(7, 1);
        loop.tick();
        refused(Reason.WRONG_STATE, 1, 8, world.signature(8, 1));
        world.approvals.approve(CosignKind.BATCH, 1, ChainWorld.wallet(5), good);
    }

    private void refused(Reason reason, long seq, int checker, String signature) {
        Refused refused = catchThrowableOfType(
                Refused.class,
                () -> world.approvals.approve(CosignKind.BATCH, seq, ChainWorld.wallet(checker), signature));
        assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason);
    }

    @Test
    void aRootThatTheTasksDoNotGiveHaltsOutboundOnly() {
        settlements.settle(0, 3);
        world.sql().update("UPDATE chain.item SET batch = NULL WHERE job = (SELECT min(job) FROM chain.item)");
        loop.tick();
        assertThat(world.halted()).startsWith("OUTBOUND batch 1 states root 0x").endsWith(" over 2");

        world.treasury.deposit(ChainWorld.wallet(3), Ath.ofWhole(1));
        world.mine(ChainWorld.FINAL);
        loop.tick();
        assertThat(world.tables.ledger().inbound(3)).as("inbound goes on").isPresent();

        world.operations(loop).resume();
        loop.tick();
        assertThat(world.halted()).as("still wrong").contains("batch 1 states root");
        world.sql().update("UPDATE chain.item SET batch = 1");
        world.operations(loop).resume();
        settlements.collect(loop, 1);
        assertThat(world.halted()).isEmpty();
    }

    @Test
    void aReplayOfTheLogChangesNothing() {
        settlements.settle(0, 3);
        settlements.sign(loop, 1);
        settlements.settle(1, 2);

        world.log.replay();

        assertThat(world.state(1)).isEqualTo(State.SIGNED);
        assertThat(world.tables.ledger().leaves(1)).hasSize(3);
        assertThat(world.tables.ledger().leaves(2)).hasSize(2);
    }
}
