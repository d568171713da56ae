package io.athanor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.MatchProof;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.domain.testing.Matches;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node opens a case of a refuted match with evidence that is not there. */
class RefutationCheckTest {
    private static final long CHAIN = 31_337;
    private static final Instant END = Samples.at(60_000);
    private static final Secp256k1.KeyPair KEY = Wallets.devnet(5);
    private static final Secp256k1.KeyPair STRANGER = Wallets.devnet(6);

    private final Samples samples = new Samples(3);
    private final Wallet accused = samples.wallet();
    private final Wallet log = samples.wallet();
    private final TaskId task = samples.job().task(0);
    private final JobSpec spec = samples.spec();
    private final Ath above = spec.maxPrice().plus(Ath.ofWei(1));
    private final World world = new World();

    @BeforeEach
    void history() {
        Wallet client = samples.wallet();
        List<Candidate> nobody = List.of();
        world.fold(new NetworkBegun(CHAIN, samples.wallet(), log, Samples.START, Samples.START));
        world.fold(new AttesterAuthorised(accused, Wallet.parse(KEY.address()), Samples.START));
        world.fold(new EpochOpened(
                Matches.EPOCH, Samples.START, END, 1, samples.hash(), nobody, Candidate.digest(nobody), Samples.START));
        world.fold(new JobSubmitted(task, client, spec, samples.authorization(client), Samples.START));
    }

    private RefutedMatch offence(Ath price, Ath agreed, Mismatch finding, Secp256k1.KeyPair key, Instant since) {
        MatchProof proof = Matches.proof(task, price, agreed);
        var struct = TypedSettlement.batch(proof.batch(), proof.epoch(), proof.setVersion());
        String signature = Hex.encode(Secp256k1.sign(key, new SigningDomain(CHAIN, log).digest(struct)));
        return Matches.offence(accused, Wallet.parse(KEY.address()), proof, signature, task, finding, since);
    }

    private List<String> problems(RefutedMatch offence) {
        List<String> problems = new ArrayList<>();
        CaseOpened opened = new CaseOpened(offence.caseId(), offence, 500, Ath.ZERO, 3, 1, null, END);
        new RefutationCheck().look(world, opened, problems::add);
        return problems;
    }

    @Test
    void anHonestCaseHolds() {
        assertThat(problems(offence(above, above, Mismatch.PRICE_ABOVE_ORDER, KEY, END)))
                .isEmpty();
        assertThat(problems(offence(above, spec.maxPrice(), Mismatch.TERMS_DIFFER, KEY, END)))
                .isEmpty();
    }

    @Test
    void theEvidenceIsStoredWhole() {
        RefutedMatch offence = offence(above, above, Mismatch.PRICE_ABOVE_ORDER, KEY, END);
        CaseOpened opened = new CaseOpened(offence.caseId(), offence, 500, Ath.ZERO, 3, 1, null, END);
        assertThat(EventCatalogue.read(EventCatalogue.nameOf(CaseOpened.class), Json.bytes(opened)))
                .isEqualTo(opened);
    }

    @Test
    void aSignatureOfSomebodyElseIsFound() {
        assertThat(problems(offence(above, above, Mismatch.PRICE_ABOVE_ORDER, STRANGER, END)))
                .singleElement()
                .asString()
                .contains("is not signed by");
    }

    @Test
    void aKeyOfSomebodyElseIsFound() {
        world.fold(new AttesterAuthorised(accused, Wallet.parse(STRANGER.address()), Samples.START));
        assertThat(problems(offence(above, above, Mismatch.PRICE_ABOVE_ORDER, KEY, END)))
                .singleElement()
                .asString()
                .contains("is not the key of");
    }

    @Test
    void aMatchThatTheHistoryCoversIsFound() {
        Ath most = spec.maxPrice();
        assertThat(problems(offence(most, most, Mismatch.PRICE_ABOVE_ORDER, KEY, END)))
                .singleElement()
                .asString()
                .contains("covers the match");
        assertThat(problems(offence(most, most, Mismatch.TERMS_DIFFER, KEY, END)))
                .singleElement()
                .asString()
                .contains("has no such match");
    }

    @Test
    void anotherDayIsFound() {
        assertThat(problems(offence(above, above, Mismatch.PRICE_ABOVE_ORDER, KEY, END.plusMillis(1))))
                .singleElement()
                .asString()
                .contains("did not end at");
    }
}
