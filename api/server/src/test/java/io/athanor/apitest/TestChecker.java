package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.RegisterChecker;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.wire.CheckerProtocol.Commit;
import io.athanor.domain.wire.CheckerProtocol.Reveal;
import java.time.Instant;
import java.util.List;

/** A registered checker: its wallet and the key that signs for it. */
record TestChecker(Secp256k1.KeyPair wallet, Secp256k1.KeyPair attester) {
    static TestChecker registered() {
        TestChecker checker = new TestChecker(Samples.key(), Samples.key());
        Wallet attester = Samples.wallet(checker.attester);
        Authorization signed = Samples.authorize(
                checker.wallet,
                (id, expiresAt) -> TypedCommands.registerChecker(
                        Samples.wallet(checker.wallet),
                        "g",
                        "n",
                        "eu-west",
                        "http://127.0.0.1:8500",
                        attester,
                        id,
                        expiresAt));
        Client.Answer answer = Client.post(
                "/v1/checkers",
                new RegisterChecker("g", "n", new Region("eu-west"), "http://127.0.0.1:8500", attester, signed, null));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return checker;
    }

    Seat seat() {
        return new Seat(Samples.wallet(wallet), Samples.wallet(attester), 1);
    }

    Client.Answer get(String path) {
        return Client.byAttester(attester, "GET", path, new byte[0]);
    }

    /** At the network's time, which a test may have moved. */
    Client.Answer blob(Sha256 digest) {
        String path = "/checker/v1/blobs/" + digest;
        Instant now = ApiNode.CLOCK.instant();
        return Client.send("GET", path, new byte[0], Client.attesterHeaders(attester, "GET", path, new byte[0], now));
    }

    Client.Answer post(String path, Object body) {
        return Client.byAttester(attester, "POST", path, Json.bytes(body));
    }

    Report online(RoundId round, TestAgent agent, Sha256 evidence) {
        Finding finding = new Finding(agent.machine.toString(), Finding.Fact.ONLINE, Hash32.ZERO, 3, 900);
        return new Report(round, Samples.wallet(wallet), List.of(finding), evidence);
    }

    Commit commit(RoundId round, Hash32 commitment) {
        return new Commit(commitment, sign(TypedCommands.commit(round, Samples.wallet(wallet), commitment)));
    }

    Reveal reveal(Report report, Hash32 salt) {
        return new Reveal(report, salt, sign(TypedCommands.reportStruct(report)));
    }

    void store(byte[] evidence) {
        Client.Answer stored =
                Client.byAttester(attester, "PUT", "/checker/v1/evidence/" + Sha256.of(evidence), evidence);
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
    }

    String sign(Hash32 struct) {
        return Hex.encode(Secp256k1.sign(attester, Samples.DOMAIN.digest(struct)));
    }
}
