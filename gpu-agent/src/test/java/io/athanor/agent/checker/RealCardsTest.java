package io.athanor.agent.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.agent.checker.Evidence.Capacity;
import io.athanor.agent.checker.Evidence.Found;
import io.athanor.agent.checker.Evidence.Probe;
import io.athanor.agent.cuda.CudaCards;
import io.athanor.agent.cuda.StubCuda;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.attestation.CapacityProof;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import io.athanor.domain.wire.AgentProtocol.CapacityAnswer;
import io.athanor.domain.wire.AgentProtocol.CapacityOpening;
import io.athanor.domain.wire.AgentProtocol.CapacityResult;
import io.athanor.domain.wire.AgentProtocol.CapacityRoot;
import io.athanor.domain.wire.AgentProtocol.CapacityTest;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import io.athanor.domain.wire.CheckerProtocol.MachineFacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checker says of a machine with real cards, whose driver is a stand-in that computes on the processor. */
class RealCardsTest {
    private static final Map<String, Long> MODELS = Map.of("SMALL", 1_000L);
    private static final Wallet PROVIDER = Wallet.parse("0x" + "11".repeat(20));
    private static final String NONCE = "nonce";
    private static final RoundId ROUND = RoundId.parse("7.onboarding.0.0");

    private final MachineId machine = new MachineId(new UUID(1, 2));
    private final Ed25519.KeyPair device = Ed25519.keyPair(new byte[32]);
    private final Inventory inventory = new Inventory(
            "0x01",
            new Region("local"),
            List.of(new Inventory.Gpu(StubCuda.GPU, "SMALL", 40, 90, "580.65.06")),
            8,
            64_000,
            500,
            0,
            0,
            "28.2",
            false);
    private static final Hash32 SECRET = Hash32.keccak(new byte[] {1});
    private final List<CapacityWork> work = CapacityWork.of(Hash32.ZERO, inventory, MODELS);
    private final CapacityTest test = new CapacityTest(work, CapacityProof.commitment(SECRET));

    @TempDir
    Path directory;

    @Test
    void aCardThatComputedIsGenuineAndItsTimeIsItsScore() throws Exception {
        byte[] answer = new CudaCards(StubCuda.build(directory)).compute(StubCuda.GPU, work.getFirst());
        Found intime = judge(answer, 400_000);
        assertThat(intime.finding().fact()).isEqualTo(Fact.GENUINE);
        assertThat(intime.finding().measure()).isEqualTo(1_000);
        assertThat(intime.evidence().notes()).isEmpty();
        assertThat(judge(answer, 500_000).finding().measure()).isEqualTo(800);
        Found slow = judge(answer, 600_000);
        assertThat(slow.finding().fact()).isEqualTo(Fact.COUNTERFEIT);
        assertThat(slow.evidence().notes()).singleElement().asString().contains("1000 are claimed");
    }

    /** The claim's work is timed, and the share counts of what the certificate says. */
    @Test
    void aDailyTestIsHeldAgainstTheCertificate() throws Exception {
        byte[] answer = new CudaCards(StubCuda.build(directory)).compute(StubCuda.GPU, work.getFirst());
        assertThat(daily(answer, 500_000, 1_000)).isEqualTo(new Shown(Fact.GENUINE, 800));
        assertThat(daily(answer, 600_000, 1_000)).isEqualTo(new Shown(Fact.COUNTERFEIT, 666));
        assertThat(daily(answer, 600_000, 800)).isEqualTo(new Shown(Fact.GENUINE, 666));
        assertThat(daily(new byte[CapacityWork.CARD_LANES * Long.BYTES], 1, 800).fact())
                .isEqualTo(Fact.COUNTERFEIT);
        assertThat(daily(null, 0, 800).fact()).isEqualTo(Fact.OFFLINE);
    }

    private record Shown(Fact fact, long measure) {}

    private Shown daily(byte @Nullable [] lanes, long micros, long certified) {
        String key = Hex.encode(device.publicKey());
        Found found = MachineJudge.capacity(
                new MachineSubject(machine, PROVIDER, key),
                List.of(probe()),
                new MachineFacts(machine, PROVIDER, key, inventory, certified),
                MODELS,
                capacity(lanes, micros),
                new CapacityTests(90, 80, 70, 1));
        return new Shown(found.finding().fact(), found.finding().measure());
    }

    @Test
    void aGuessIsCounterfeitAndNoAnswerSaysNothing() {
        assertThat(judge(new byte[CapacityWork.CARD_LANES * Long.BYTES], 1)
                        .finding()
                        .fact())
                .isEqualTo(Fact.COUNTERFEIT);
        Found silent = judge(null, 0);
        assertThat(silent.finding().fact()).isEqualTo(Fact.OFFLINE);
        assertThat(silent.evidence().notes()).containsExactly("no answer to the capacity test");
    }

    private Found judge(byte @Nullable [] lanes, long micros) {
        return judge(capacity(lanes, micros));
    }

    private Found judge(Capacity capacity) {
        String key = Hex.encode(device.publicKey());
        MachineSubject subject = new MachineSubject(machine, PROVIDER, key);
        return MachineJudge.onboarding(
                subject, List.of(probe()), new MachineFacts(machine, PROVIDER, key, inventory, 0), MODELS, capacity);
    }

    private Probe probe() {
        return new Probe(NONCE, Instant.EPOCH, true, new ProbeAnswer(machine, NONCE, List.of(), "0x"), 100);
    }

    /** Of a machine that computed these lanes, and of a checker that draws as it had chosen. */
    private Capacity capacity(byte @Nullable [] lanes, long micros) {
        if (lanes == null) {
            return new Capacity(NONCE, test, SECRET, null, 0, null, 0);
        }
        CapacityProof proof = CapacityProof.over(work.getFirst(), lanes);
        return new Capacity(NONCE, test, SECRET, answer(test, proof.root()), micros, opening(SECRET, proof), 1);
    }

    private CapacityAnswer answer(CapacityTest of, Hash32 root) {
        List<CapacityRoot> roots = List.of(new CapacityRoot(StubCuda.GPU, root));
        CapacityAnswer unsigned = new CapacityAnswer(machine, NONCE, of.digest(), roots, "");
        return new CapacityAnswer(machine, NONCE, of.digest(), roots, signature(unsigned.signed()));
    }

    private CapacityOpening opening(Hash32 secret, CapacityProof proof) {
        List<CapacityResult> results = List.of(new CapacityResult(StubCuda.GPU, Hex.encode(proof.open(secret))));
        CapacityOpening unsigned = new CapacityOpening(machine, NONCE, secret, results, "");
        return new CapacityOpening(machine, NONCE, secret, results, signature(unsigned.signed()));
    }

    private String signature(String text) {
        return Hex.encode(Ed25519.sign(device, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** With the evidence anybody finds a checker that drew what it liked, or made up what the machine never signed. */
    @Test
    void theEvidenceShowsWhatWasDrawnAndWhoSignedIt() throws Exception {
        MachineSubject subject = new MachineSubject(machine, PROVIDER, Hex.encode(device.publicKey()));
        byte[] lanes = new CudaCards(StubCuda.build(directory)).compute(StubCuda.GPU, work.getFirst());
        CapacityProof proof = CapacityProof.over(work.getFirst(), lanes);
        CapacityAnswer answer = answer(test, proof.root());
        CapacityOpening opening = opening(SECRET, proof);
        assertThat(CapacityEvidence.isSolved(subject, new Capacity(NONCE, test, SECRET, answer, 1, opening, 1)))
                .isTrue();

        Hash32 liked = Hash32.keccak(new byte[] {2});
        Capacity chosen = new Capacity(NONCE, test, liked, answer, 1, opening(liked, proof), 1);
        assertThat(CapacityEvidence.isDrawn(chosen)).isFalse();
        assertThat(CapacityEvidence.isSolved(subject, chosen)).isFalse();

        CapacityTest harder = new CapacityTest(List.of(new CapacityWork(SECRET, StubCuda.GPU, 64, 2, 1)), test.draw());
        assertThat(CapacityEvidence.isSolved(subject, new Capacity(NONCE, harder, SECRET, answer, 1, opening, 1)))
                .isFalse();
        assertThat(CapacityEvidence.isSolved(subject, new Capacity("other", test, SECRET, answer, 1, opening, 1)))
                .isFalse();
        CapacityOpening unsigned = new CapacityOpening(machine, NONCE, SECRET, opening.results(), answer.signature());
        assertThat(CapacityEvidence.isSolved(subject, new Capacity(NONCE, test, SECRET, answer, 1, unsigned, 1)))
                .isFalse();
    }

    /** A machine that sees what is drawn and then opens nothing has not answered, and is inspected again. */
    @Test
    void rootsWithoutAnOpeningSayNothing() {
        CapacityProof guess = CapacityProof.over(work.getFirst(), new byte[CapacityWork.CARD_LANES * Long.BYTES]);
        Found found = judge(new Capacity(NONCE, test, SECRET, answer(test, guess.root()), 1, null, 0));
        assertThat(found.finding().fact()).isEqualTo(Fact.OFFLINE);
        assertThat(judge(new byte[CapacityWork.CARD_LANES * Long.BYTES], 1)
                        .finding()
                        .fact())
                .isEqualTo(Fact.COUNTERFEIT);
    }

    /** Ninety cards' openings fill what may be stored; who is accused keeps all of it. */
    @Test
    void evidenceThatIsTooLargeLeavesOutWhatAccusesNobody() throws Exception {
        byte[] lanes = new CudaCards(StubCuda.build(directory)).compute(StubCuda.GPU, work.getFirst());
        Evidence.Subject genuine = judge(lanes, 400_000).evidence();
        Evidence.Subject accused = judge(lanes, 600_000).evidence();
        Evidence all = new Evidence(ROUND, PROVIDER, List.of(genuine, accused));
        int bytes = Json.canonical(all).length;
        assertThat(all.within(bytes)).isEqualTo(all);
        Evidence less = all.within(bytes - 1);
        assertThat(Json.canonical(less).length).isLessThan(bytes * 6 / 10);
        assertThat(less.subjects().get(1)).isEqualTo(accused);
        assertThat(less.subjects().getFirst().notes())
                .singleElement()
                .asString()
                .contains("left out for its size");
    }
}
