package io.athanor.chain;

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
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** What the log says of outages of one machine: the rounds that judged them, and cases from opening to penalty. */
final class Judgements {
    private static final MachineId MACHINE = MachineId.parse("0199f0f2-0000-7000-8000-000000000002");

    private final ChainWorld world;
    private final PoolId pool;
    private final Instant chainTime;

    /** @param chainTime all of it lies shortly before */
    Judgements(ChainWorld world, PoolId pool, Instant chainTime) {
        this.world = world;
        this.pool = pool;
        this.chainTime = chainTime;
    }

    static RoundId round(int number) {
        return RoundId.parse(number + ".liveness.0.0");
    }

    /** A committee of four seats, of which three are a quorum. */
    void opened(int round) {
        List<Seat> seats = IntStream.range(5, 9)
                .mapToObj(i -> new Seat(ChainWorld.wallet(i + 10), ChainWorld.wallet(i), 1))
                .toList();
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 4, List.of(), Hash32.ZERO);
        Instant at = chainTime.minusSeconds(100);
        world.log.happened(new RoundOpened(
                round(round), ChainWorld.CHAIN, List.of(), seats, 3, draw, at, at, at.plusSeconds(10), at));
    }

    /** Three of the four found the machine offline, in reports over two machines. */
    void judged(int round) {
        opened(round);
        reveal(round, 5, Fact.ONLINE);
        reveal(round, 6, Fact.OFFLINE);
        reveal(round, 7, Fact.OFFLINE);
        reveal(round, 8, Fact.OFFLINE);
    }

    private void reveal(int round, int attester, Fact fact) {
        Report report = new Report(
                round(round),
                ChainWorld.wallet(attester + 10),
                List.of(
                        new Finding("0199f0f2-0000-7000-8000-000000000009", Fact.ONLINE, Hash32.ZERO, 3, 900),
                        new Finding(MACHINE.toString(), fact, Hash32.ZERO, attester, 0)),
                Sha256.parse("sha256:" + "ab".repeat(32)));
        Hash32 digest = world.domain().digest(TypedCommands.reportStruct(report));
        String signature = Hex.encode(Secp256k1.sign(Wallets.devnet(attester), digest));
        world.log.happened(
                new ReportRevealed(round(round), report.checker(), report, Hash32.ZERO, signature, chainTime));
    }

    /** The outage of this round's number, from its case's opening to its penalty, whose stay ended 30 seconds ago. */
    CaseId executed(int round, Ath required, Ath taken) {
        Instant since = chainTime.minusSeconds(95).plusMillis(round);
        Instant stay = chainTime.minusSeconds(30);
        Downtime outage = new Downtime(pool, MACHINE, since, List.of(), required, List.of(round(round)), List.of());
        CaseId id = outage.caseId();
        world.log.happened(new CaseOpened(id, outage, 600, taken, 0, 1, null, chainTime.minusSeconds(80)));
        world.log.happened(new StayBegun(id, stay, chainTime.minusSeconds(70)));
        world.log.happened(
                new PoolSlashed(pool, id, taken, 0, taken, Ath.ZERO, List.of(), taken, chainTime.minusSeconds(60)));
        world.log.happened(new PenaltyExecuted(id, taken, List.of(), stay.plusMillis(1)));
        return id;
    }
}
