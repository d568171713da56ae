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
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.SignedReport;
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
        reveal(signed(round, attester, MACHINE.toString(), fact));
    }

    private void reveal(SignedReport signed) {
        Report report = signed.report();
        world.log.happened(new ReportRevealed(
                report.round(), report.checker(), report, Hash32.ZERO, signed.signature(), chainTime));
    }

    private SignedReport signed(int round, int attester, String subject, Fact fact) {
        Report report = new Report(
                round(round),
                ChainWorld.wallet(attester + 10),
                List.of(
                        new Finding("0199f0f2-0000-7000-8000-000000000009", Fact.ONLINE, Hash32.ZERO, 3, 900),
                        new Finding(subject, fact, Hash32.ZERO, attester, 0)),
                Sha256.parse("sha256:" + "ab".repeat(32)));
        Hash32 digest = world.domain().digest(TypedCommands.reportStruct(report));
        return new SignedReport(report, Hex.encode(Secp256k1.sign(Wallets.devnet(attester), digest)));
    }

    /** An outage that a round of this number found, upheld on appeal by the round after it before its stay was over. */
    CaseId upheld(int round, Ath required, Ath taken) {
        judged(round);
        CaseId id = opened(outage(round, required), taken);
        opened(round + 1);
        for (int attester = 5; attester < 8; attester++) {
            reveal(signed(round + 1, attester, id.toString(), Fact.UPHELD));
        }
        world.log.happened(new StayBegun(id, chainTime.plusSeconds(100_000), chainTime.minusSeconds(70)));
        world.log.happened(new AppealDecided(id, round(round + 1), Ruling.UPHELD, chainTime.minusSeconds(40)));
        return executed(id, taken, chainTime.minusSeconds(30));
    }

    /** Attester 5 of this round's committee signed that the machine was offline, and that it was online. */
    CaseId equivocated(int round, Ath taken) {
        opened(round);
        Equivocation twice = new Equivocation(
                pool,
                ChainWorld.wallet(5),
                signed(round, 5, MACHINE.toString(), Fact.ONLINE),
                signed(round, 5, MACHINE.toString(), Fact.OFFLINE),
                chainTime.minusSeconds(95));
        CaseId id = opened(twice, taken);
        Instant stay = chainTime.minusSeconds(30);
        world.log.happened(new StayBegun(id, stay, chainTime.minusSeconds(70)));
        return executed(id, taken, stay.plusMillis(1));
    }

    /** The outage of this round's number, from its case's opening to its penalty, whose stay ended 30 seconds ago. */
    CaseId executed(int round, Ath required, Ath taken) {
        CaseId id = opened(outage(round, required), taken);
        Instant stay = chainTime.minusSeconds(30);
        world.log.happened(new StayBegun(id, stay, chainTime.minusSeconds(70)));
        return executed(id, taken, stay.plusMillis(1));
    }

    private Downtime outage(int round, Ath required) {
        Instant since = chainTime.minusSeconds(95).plusMillis(round);
        return new Downtime(pool, MACHINE, since, List.of(), required, List.of(round(round)), List.of());
    }

    private CaseId opened(Offence offence, Ath amount) {
        CaseId id = offence.caseId();
        world.log.happened(new CaseOpened(id, offence, 600, amount, 0, 1, null, chainTime.minusSeconds(80)));
        return id;
    }

    private CaseId executed(CaseId id, Ath taken, Instant at) {
        world.log.happened(
                new PoolSlashed(pool, id, taken, 0, taken, Ath.ZERO, List.of(), taken, chainTime.minusSeconds(60)));
        world.log.happened(new PenaltyExecuted(id, taken, List.of(), at));
        return id;
    }
}
