package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.contracts.Calls;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.epoch.EpochCommand.CloseEpoch;
import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A penalty's way to the chain: recorded, anchored by the quorum, and taken by the signatures of those who judged. */
@Tag("chain")
@Tag("postgres")
class PenaltyIT {
    private static final PoolId POOL = PoolId.ofProvider(ChainWorld.wallet(4));
    private static final RoundId ROUND = RoundId.parse("0.liveness.0.0");
    private static final MachineId MACHINE = MachineId.parse("0199f0f2-0000-7000-8000-000000000002");
    private static final Ath BOND = Ath.ofWhole(1_000);
    private static final Ath TAKEN = Ath.ofWhole(60);

    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private final ProjectorLoop loop = world.loop();
    private final Instant chainTime = new ChainNode(world.web3j).latest().time();

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

    /** Three of four seats found the machine offline, in reports over two machines. */
    private void judged() {
        List<Seat> seats = IntStream.range(5, 9)
                .mapToObj(i -> new Seat(ChainWorld.wallet(i + 10), ChainWorld.wallet(i), 1))
                .toList();
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 4, List.of(), Hash32.ZERO);
        Instant at = chainTime.minusSeconds(100);
        world.log.happened(
                new RoundOpened(ROUND, ChainWorld.CHAIN, List.of(), seats, 3, draw, at, at, at.plusSeconds(10), at));
        reveal(5, Fact.ONLINE);
        reveal(6, Fact.OFFLINE);
        reveal(7, Fact.OFFLINE);
        reveal(8, Fact.OFFLINE);
    }

    private void reveal(int attester, Fact fact) {
        Report report = new Report(
                ROUND,
                ChainWorld.wallet(attester + 10),
                List.of(
                        new Finding("0199f0f2-0000-7000-8000-000000000009", Fact.ONLINE, Hash32.ZERO, 3, 900),
                        new Finding(MACHINE.toString(), fact, Hash32.ZERO, attester, 0)),
                Sha256.parse("sha256:" + "ab".repeat(32)));
        Hash32 digest = world.domain().digest(TypedCommands.reportStruct(report));
        String signature = Hex.encode(Secp256k1.sign(Wallets.devnet(attester), digest));
        world.log.happened(new ReportRevealed(ROUND, report.checker(), report, Hash32.ZERO, signature, chainTime));
    }

    /** What the log says of a case from its opening to its penalty. */
    private CaseId executed(Ath taken, Instant stay) {
        Downtime outage =
                new Downtime(POOL, MACHINE, chainTime.minusSeconds(95), List.of(), BOND, List.of(ROUND), List.of());
        CaseId id = outage.caseId();
        world.log.happened(new CaseOpened(id, outage, 600, taken, 0, 1, null, chainTime.minusSeconds(80)));
        world.log.happened(new StayBegun(id, stay, chainTime.minusSeconds(70)));
        world.log.happened(
                new PoolSlashed(POOL, id, taken, 0, taken, Ath.ZERO, List.of(), taken, chainTime.minusSeconds(60)));
        world.log.happened(new PenaltyExecuted(id, taken, List.of(), stay.plusMillis(1)));
        return id;
    }

    private void settleAndClose(long epoch) {
        settlements.settle(epoch, 2);
        world.log
                .send(Order.inside(
                        "test", null, List.of(new CloseEpoch(epoch, settlements.head(), world.clock.instant()))))
                .join();
    }

    private void steps() {
        for (int i = 0; i < 14; i++) {
            loop.tick();
            for (int checker = 5; checker < 8; checker++) {
                world.cosign(checker);
            }
            world.mine(ChainWorld.FINAL);
        }
        assertThat(world.halted()).isEmpty();
    }

    private Ath bonded() {
        AthVault vault = Contracts.vault(world.contracts.vault(), world.web3j);
        return new Ath(Calls.read(vault.bonded(POOL.word().bytes())));
    }

    @Test
    void isTakenFromTheBondOnce() {
        judged();
        CaseId id = executed(TAKEN, chainTime.minusSeconds(30));
        settleAndClose(0);
        steps();

        assertThat(world.message(CosignKind.RECORDS, 1).state()).isEqualTo(MessageTables.State.FINAL);
        assertThat(bonded()).isEqualTo(BOND.minus(TAKEN));
        assertThat(world.tables.records().openPenalties(Long.MAX_VALUE)).isEmpty();
        assertThat(world.tables.bonds().releasedOnChain(POOL)).isEqualTo(TAKEN);
        assertThat(Calls.read(Contracts.penalties(world.contracts.penalties(), world.web3j)
                        .applied(RecordLeaf.key(id).bytes())))
                .isTrue();

        settlements.settle(1, 1);
        steps();
        assertThat(bonded()).as("once").isEqualTo(BOND.minus(TAKEN));
    }

    @Test
    void isNotTakenWithoutTheQuorumThatFoundIt() {
        judged();
        world.sql()
                .update(
                        "DELETE FROM chain.report WHERE checker = ?",
                        ChainWorld.wallet(18).address());
        executed(TAKEN, chainTime.minusSeconds(30));
        settleAndClose(0);
        steps();

        assertThat(world.message(CosignKind.RECORDS, 1).state()).isEqualTo(MessageTables.State.FINAL);
        assertThat(bonded()).isEqualTo(BOND);
        assertThat(world.tables.records().openPenalties(Long.MAX_VALUE)).hasSize(1);
    }

    @Test
    void aReplayOfTheLogRecordsNothingTwice() {
        judged();
        executed(TAKEN, chainTime.minusSeconds(30));
        int before = world.tables.records().leaves(Long.MAX_VALUE).size();

        world.log.replay();

        assertThat(world.tables.records().leaves(Long.MAX_VALUE)).hasSize(before);
        assertThat(before).as("parameters, committee, case, stay, penalty").isEqualTo(5);
    }
}
