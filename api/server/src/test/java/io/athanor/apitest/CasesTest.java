package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.LodgeAppeal;
import io.athanor.api.command.ReportEquivocation;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.penalty.CaseCommand.BeginStay;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.CaseView;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cases over HTTP: proving an equivocation, reading the file, appealing. */
@Tag("postgres")
class CasesTest {
    private static final AtomicInteger SHARDS = new AtomicInteger(5_000);

    private final Secp256k1.KeyPair checker = Samples.key();
    private final Secp256k1.KeyPair attester = Samples.key();
    private final Secp256k1.KeyPair reporter = Samples.key();
    private final MachineId machine = new MachineId(UUID.randomUUID());
    private final RoundId round = new RoundId(1, RoundId.Kind.LIVENESS, SHARDS.incrementAndGet(), 0);

    private void openRound() {
        Instant now = Instant.now();
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 1, List.of(), Hash32.ZERO);
        ApiNode.NETWORK
                .send(Order.inside(
                        "saga:test",
                        null,
                        new OpenRound(
                                round,
                                ApiNode.CHAIN,
                                List.of(new MachineSubject(machine, Samples.wallet(reporter), "0x" + "33".repeat(32))),
                                List.of(new Seat(Samples.wallet(checker), Samples.wallet(attester), 1)),
                                1,
                                draw,
                                now,
                                now.plusSeconds(5),
                                now.plusSeconds(60),
                                now)))
                .join();
    }

    private SignedReport report(Finding.Fact fact, Secp256k1.KeyPair signer) {
        Report report = new Report(
                round,
                Samples.wallet(checker),
                List.of(new Finding(machine.toString(), fact, Hash32.ZERO, 3, 900)),
                Sha256.of(new byte[] {1}));
        byte[] signature = Secp256k1.sign(signer, Samples.DOMAIN.digest(TypedCommands.reportStruct(report)));
        return new SignedReport(report, Hex.encode(signature));
    }

    private CaseId caseOf(SignedReport one, SignedReport other) {
        Wallet accused = Samples.wallet(checker);
        return new Equivocation(PoolId.ofChecker(accused), accused, one, other, Instant.EPOCH).caseId();
    }

    private Client.Answer prove(SignedReport one, SignedReport other) {
        CaseId id = caseOf(one, other);
        Authorization signed = Samples.authorize(
                reporter,
                (command, expiresAt) ->
                        TypedCommands.reportEquivocation(id, one.report(), other.report(), command, expiresAt));
        return Client.post("/v1/cases/equivocations", new ReportEquivocation(one, other, signed, null));
    }

    @Test
    void twoReportsSignedByTheAttesterOpenACaseAndOthersDoNot() {
        openRound();
        SignedReport online = report(Finding.Fact.ONLINE, attester);
        SignedReport offline = report(Finding.Fact.OFFLINE, attester);
        assertThat(prove(online, report(Finding.Fact.OFFLINE, reporter)).code()).isEqualTo("SIGNATURE_INVALID");
        assertThat(prove(online, online).code()).isEqualTo("INVALID_SPEC");
        Client.Answer accepted = prove(online, offline);
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        CaseId id = caseOf(online, offline);
        CaseView file = Client.get("/v1/cases/" + id).as(CaseView.class);
        assertThat(file.stage()).isEqualTo("OPEN");
        assertThat(file.reporter()).isEqualTo(Samples.wallet(reporter));
        assertThat(file.rateBps()).isEqualTo(500);
        assertThat(Client.get("/v1/cases/" + new CaseId(UUID.randomUUID())).status())
                .isEqualTo(404);

        assertThat(appeal(id, Ath.ofWhole(99), checker).code()).isEqualTo("BOND_TOO_LOW");
        assertThat(appeal(id, Ath.ofWhole(100), checker).code()).isEqualTo("INSUFFICIENT_FUNDS");
        deposit(Samples.wallet(reporter));
        deposit(Samples.wallet(checker));
        assertThat(appeal(id, Ath.ofWhole(100), reporter).code()).isEqualTo("NOT_ALLOWED");
        Client.Answer early = appeal(id, Ath.ofWhole(100), checker);
        assertThat(early.code()).isEqualTo("WRONG_STATE");
        assertThat(early.text()).contains("Appeal when its stay has begun");
        beginStay(id);
        Client.Answer appealed = appeal(id, Ath.ofWhole(100), checker);
        assertThat(appealed.status()).as(appealed.text()).isEqualTo(202);
        assertThat(Client.get("/v1/cases/" + id).as(CaseView.class).stage()).isEqualTo("APPEALED");
    }

    private static void beginStay(CaseId id) {
        Instant now = Instant.now();
        ApiNode.NETWORK
                .send(Order.inside("saga:test", null, new BeginStay(id, now.plusSeconds(600), now)))
                .join();
    }

    private static void deposit(Wallet wallet) {
        CreditDeposit deposit =
                new CreditDeposit(wallet, 1, Ath.ofWhole(500), Hash32.keccak(new byte[] {1}), 3, Instant.now());
        ApiNode.NETWORK.send(Order.inside("chain:test", null, deposit)).join();
    }

    private static Client.Answer appeal(CaseId id, Ath bond, Secp256k1.KeyPair key) {
        String why = "both were the same probe";
        Authorization signed = Samples.authorize(
                key, (command, expiresAt) -> TypedCommands.lodgeAppeal(id, bond, why, command, expiresAt));
        return Client.post("/v1/cases/" + id + "/appeal", new LodgeAppeal(id, bond, why, signed, null));
    }
}
