package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.contracts.Calls;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A penalty's way to the chain: recorded, anchored by the quorum, and taken by the signatures of those who judged. */
@Tag("chain")
@Tag("postgres")
class PenaltyIT {
    private static final PoolId POOL = PoolId.ofProvider(ChainWorld.wallet(4));
    private static final int ROUND = 0;
    private static final Ath BOND = Ath.ofWhole(1_000);
    private static final Ath TAKEN = Ath.ofWhole(60);

    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private final ProjectorLoop loop = world.loop();
    private final Judgements judgements =
            new Judgements(world, POOL, new ChainNode(world.web3j).latest().time());

    @BeforeEach
    void bond() {
        world.begin(world.clock.instant());
        world.treasury.bond(POOL, BOND);
        world.mine(ChainWorld.FINAL);
        loop.tick();
        loop.tick();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Ath bonded() {
        AthVault vault = Contracts.vault(world.contracts.vault(), world.web3j);
        return new Ath(Calls.read(vault.bonded(POOL.word().bytes())));
    }

    @Test
    void isTakenFromTheBondOnce() {
        judgements.judged(ROUND);
        CaseId id = judgements.executed(ROUND, BOND, TAKEN);
        settlements.settleAndClose(0);
        world.steps(loop);

        assertThat(world.message(CosignKind.RECORDS, 1).state()).isEqualTo(MessageTables.State.FINAL);
        assertThat(bonded()).isEqualTo(BOND.minus(TAKEN));
        assertThat(world.tables.records().openPenalties(Long.MAX_VALUE)).isEmpty();
        assertThat(world.tables.bonds().releasedOnChain(POOL)).isEqualTo(TAKEN);
        assertThat(Calls.read(Contracts.penalties(world.contracts.penalties(), world.web3j)
                        .applied(RecordLeaf.key(id).bytes())))
                .isTrue();

        settlements.settle(1, 1);
        world.steps(loop);
        assertThat(bonded()).as("once").isEqualTo(BOND.minus(TAKEN));
    }

    /** The stay would still run; the appeal's committee ended it. */
    @Test
    void isTakenByTheReportsOfTheAppealThatUpheldIt() {
        judgements.upheld(ROUND, BOND, TAKEN);
        settlements.settleAndClose(0);
        world.steps(loop);

        assertThat(bonded()).isEqualTo(BOND.minus(TAKEN));
        assertThat(world.tables.records().openPenalties(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void ofAnEquivocationIsTakenByItsTwoReportsAlone() {
        PoolId checker = PoolId.ofChecker(ChainWorld.wallet(15));
        world.treasury.bond(checker, BOND);
        new Judgements(world, checker, new ChainNode(world.web3j).latest().time()).equivocated(ROUND, TAKEN);
        settlements.settleAndClose(0);
        world.steps(loop);

        assertThat(world.tables.bonds().releasedOnChain(checker)).isEqualTo(TAKEN);
        assertThat(bonded()).as("the other pool's").isEqualTo(BOND);
        assertThat(world.tables.records().openPenalties(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void isNotTakenWithoutTheQuorumThatFoundIt() {
        judgements.judged(ROUND);
        world.sql()
                .update(
                        "DELETE FROM chain.report WHERE checker = ?",
                        ChainWorld.wallet(18).address());
        judgements.executed(ROUND, BOND, TAKEN);
        settlements.settleAndClose(0);
        world.steps(loop);

        assertThat(world.message(CosignKind.RECORDS, 1).state()).isEqualTo(MessageTables.State.FINAL);
        assertThat(bonded()).isEqualTo(BOND);
        assertThat(world.tables.records().openPenalties(Long.MAX_VALUE)).hasSize(1);
    }

    @Test
    void aReplayOfTheLogRecordsNothingTwice() {
        judgements.judged(ROUND);
        judgements.executed(ROUND, BOND, TAKEN);
        int before = world.tables.records().leaves(Long.MAX_VALUE).size();

        world.log.replay();

        assertThat(world.tables.records().leaves(Long.MAX_VALUE)).hasSize(before);
        assertThat(before).as("parameters, committee, case, stay, penalty").isEqualTo(5);
    }
}
