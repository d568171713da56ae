package io.athanor.agent.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.agent.nvml.CapacityCard;
import io.athanor.agent.nvml.GpuFault;
import io.athanor.agent.nvml.GpuInventory;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.agent.nvml.SimulatedGpus;
import io.athanor.agent.server.Prober;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Commitment;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.wire.CheckerProtocol.Commit;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import io.athanor.domain.wire.CheckerProtocol.MachineFacts;
import io.athanor.domain.wire.CheckerProtocol.Reveal;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checker node over real HTTP, with machines that really dial its door. Windows are seconds long. */
class CheckerNodeIT {
    private static final URI LOOPBACK = URI.create("http://127.0.0.1");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Wallet PROVIDER = Wallet.parse("0x90F79bf6EB2c4f870365E785982E1f101E93b906");
    private static final Wallet CHECKER = Wallet.parse("0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc");
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path data;

    private final Secp256k1.KeyPair attester = Secp256k1.generate(RANDOM);
    private final Ed25519.KeyPair device = Ed25519.generate(RANDOM);
    private final MachineId machine = new MachineId(UUID.randomUUID());
    private ScriptedNetwork network;
    private CheckerNode node;
    private Thread thread;

    @BeforeEach
    void start() throws IOException {
        network = new ScriptedNetwork(attester.address());
        KeyFiles.write(data.resolve("attester.key"), attester.privateKey());
        startNode();
    }

    private void startNode() throws IOException {
        node = CheckerNode.open(new CheckerSettings(
                data,
                network.uri(),
                CHECKER,
                data.resolve("attester.key"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        network.endpoint = "http://127.0.0.1:" + node.port();
        CheckerNode started = node;
        thread = Thread.ofPlatform().start(() -> {
            try {
                started.run();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        stopNode();
        network.close();
    }

    private void stopNode() throws InterruptedException {
        thread.interrupt();
        thread.join();
        node.close();
    }

    @Test
    void livenessIsWhatTheMachinesOwnKeySaysAndTheNetworksFaultIsNoMachines() {
        LeaseId running = new JobId(UUID.randomUUID()).task(0).lease(1);
        Prober prober = new Prober(LOOPBACK, machine, device, () -> List.of(running), GpuSource.none()::card);
        MachineSubject alive = subject(machine, device);
        MachineSubject silent = subject(new MachineId(UUID.randomUUID()), device);
        MachineSubject unknown = subject(new MachineId(UUID.randomUUID()), device);
        MachineSubject impostor = subject(new MachineId(UUID.randomUUID()), Ed25519.generate(RANDOM));
        Prober lying = new Prober(LOOPBACK, impostor.machine(), device, List::of, GpuSource.none()::card);
        network.machines.put(machine, prober::answer);
        network.machines.put(silent.machine(), challenge -> {});
        network.machines.put(impostor.machine(), lying::answer);
        RoundOpened round = open(RoundId.Kind.LIVENESS, 4_000, alive, silent, unknown, impostor);

        Reveal reveal = revealed(round);
        assertThat(reveal.report().findings())
                .extracting(Finding::fact)
                .containsExactly(Fact.ONLINE, Fact.OFFLINE, Fact.NETWORK, Fact.OFFLINE);
        assertThat(reveal.report().findings().getFirst().measure()).isEqualTo(3);
        assertThat(reveal.report().findings().getFirst().rttMicros()).isPositive();
        Evidence evidence = Json.read(kept(network.evidence, reveal.report().evidence()), Evidence.class);
        Evidence.Probe probe = evidence.subjects().getFirst().probes().getFirst();
        assertThat(probe.nonce()).startsWith(round.draw().blockHash().hex().substring(2));
        assertThat(MachineProbes.isGenuine(Objects.requireNonNull(probe.answer()), alive, probe.nonce()))
                .isTrue();
        assertThat(probe.answer().leases()).containsExactly(running);
        prober.close();
        lying.close();
    }

    @Test
    void commitsFirstAndRevealsExactlyThatAlsoAfterARestart() throws Exception {
        RoundOpened round = open(RoundId.Kind.LIVENESS, 500, subject(machine, device));
        await().atMost(SOON).until(() -> network.commits.containsKey(round.round()));
        assertThat(network.reveals).isEmpty();
        stopNode();
        startNode();
        Reveal reveal = revealed(round);
        Commit commit = kept(network.commits, round.round());
        assertThat(network.commitTimes.get(round.round())).isBetween(round.commitFrom(), round.commitUntil());
        assertThat(commit.commitment()).isEqualTo(Commitment.of(round.chainId(), reveal.report(), reveal.salt()));
        assertSigned(TypedCommands.commit(round.round(), CHECKER, commit.commitment()), commit.signature());
        assertSigned(TypedCommands.reportStruct(reveal.report()), reveal.signature());
        assertThat(network.evidence).containsKey(reveal.report().evidence());
        assertThat(reveal.report().checker()).isEqualTo(CHECKER);
    }

    @Test
    void aDeliveryIsJudgedOnItsReceiptAndOnEveryStoredByte() {
        byte[] tile = "pixels".getBytes(StandardCharsets.UTF_8);
        network.blobs.put(Sha256.of(tile), tile);
        Receipt.Output stored = new Receipt.Output("tile", Sha256.of(tile), tile.length);
        Receipt.Output lost = new Receipt.Output("tile", Sha256.of(new byte[] {1}), 1);
        Receipt.Output altered = new Receipt.Output("tile", Sha256.of(new byte[] {2}), 1);
        network.blobs.put(altered.sha256(), new byte[] {3});
        DeliverySubject good = delivery(device, Ending.COMPLETED, stored);
        DeliverySubject failed = delivery(device, Ending.EXIT_CODE);
        DeliverySubject providers = delivery(device, Ending.GPU_LOST);
        DeliverySubject missing = delivery(device, Ending.COMPLETED, lost);
        DeliverySubject swapped = delivery(device, Ending.COMPLETED, altered);
        DeliverySubject forged = delivery(Ed25519.generate(RANDOM), Ending.COMPLETED, stored);
        network.leftOut.add(failed.lease());
        network.refusedOnce.add(stored.sha256());
        RoundOpened round = open(RoundId.Kind.DELIVERY, 500, good, failed, providers, missing, swapped, forged);

        List<Finding> findings = revealed(round).report().findings();
        assertThat(findings)
                .extracting(Finding::fact)
                .containsExactly(
                        Fact.DELIVERED,
                        Fact.ENDED_BY_CLIENT,
                        Fact.NOT_DELIVERED,
                        Fact.NOT_DELIVERED,
                        Fact.NOT_DELIVERED,
                        Fact.NOT_DELIVERED);
        assertThat(network.refusedOnce).as("a refusal is no failure to deliver").isEmpty();
        assertThat(network.askedAlone).containsExactly("deliveries/" + failed.lease());
        Receipt receipt = ((Delivery) kept(network.answers, "deliveries/" + good.lease())).receipt();
        assertThat(findings.getFirst().digest()).isEqualTo(SlaVerdict.resultDigest(receipt));
        assertThat(findings.getFirst().measure()).isEqualTo(700);
        assertThat(findings.get(3).measure()).isZero();
    }

    @Test
    void aNewMachineIsGenuineWhenItAnswersAndItsClaimHoldsTogether() {
        MachineId liar = new MachineId(UUID.randomUUID());
        Prober honest = new Prober(LOOPBACK, machine, device, List::of, cards(machine)::card);
        Prober lying = new Prober(LOOPBACK, liar, device, List::of, cards(liar)::card);
        network.machines.put(machine, honest::answer);
        network.machines.put(liar, lying::answer);
        network.facts(facts(machine, 143_771));
        network.facts(facts(liar, 24_000));
        RoundOpened round = open(RoundId.Kind.ONBOARDING, 3_000, subject(machine, device), subject(liar, device));
        List<Finding> findings = revealed(round).report().findings();
        assertThat(findings).extracting(Finding::fact).containsExactly(Fact.GENUINE, Fact.COUNTERFEIT);
        assertThat(findings.getFirst().measure()).isEqualTo(2_500_000);
        assertThat(findings.getFirst().digest()).isNotEqualTo(Hash32.ZERO);
        honest.close();
        lying.close();
    }

    /** All claim two H200: one has them, one has smaller cards, one guesses, one does not answer the test. */
    @Test
    void aMachineIsMeasuredAndWhoClaimsMoreThanItsTimeOrAWrongResultIsCounterfeit() {
        MachineId slow = new MachineId(UUID.randomUUID());
        MachineId guess = new MachineId(UUID.randomUUID());
        MachineId silent = new MachineId(UUID.randomUUID());
        Map<MachineId, GpuSource> machines = Map.of(
                machine,
                cards(machine),
                slow,
                SimulatedGpus.parse("2xRTX3090", slow.toString()),
                guess,
                new Guessing(cards(guess)),
                silent,
                GpuSource.none());
        List<Prober> probers = new ArrayList<>();
        machines.forEach((id, gpus) -> {
            Prober prober = new Prober(LOOPBACK, id, device, List::of, gpus::card);
            probers.add(prober);
            network.machines.put(id, prober::answer);
            network.facts(facts(id, 143_771));
        });
        RoundOpened round = open(
                RoundId.Kind.ONBOARDING,
                3_000,
                subject(machine, device),
                subject(slow, device),
                subject(guess, device),
                subject(silent, device));
        Reveal reveal = revealed(round);
        List<Finding> findings = reveal.report().findings();
        assertThat(findings)
                .extracting(Finding::fact)
                .containsExactly(Fact.GENUINE, Fact.COUNTERFEIT, Fact.COUNTERFEIT, Fact.OFFLINE);
        assertThat(findings.getFirst().measure()).isEqualTo(2_500_000);
        assertThat(findings.get(1).measure()).isPositive().isLessThanOrEqualTo(480_000);
        assertThat(findings.get(2).measure()).isZero();
        Evidence evidence = Json.read(kept(network.evidence, reveal.report().evidence()), Evidence.class);
        Evidence.Capacity capacity =
                Objects.requireNonNull(evidence.subjects().get(1).capacity());
        assertThat(capacity.micros()).isGreaterThanOrEqualTo(2_080_000);
        assertThat(evidence.subjects().get(1).notes())
                .singleElement()
                .asString()
                .contains("2500000 are claimed");
        assertThat(evidence.subjects().get(2).notes()).containsExactly("the capacity test's result is wrong");
        probers.forEach(Prober::close);
    }

    /** Cards that answer in time with what they did not compute. */
    private record Guessing(GpuSource cards) implements GpuSource {
        @Override
        public Optional<CapacityCard> card(String uuid) {
            return cards.card(uuid).map(_ -> work -> new byte[work.lanes() * Long.BYTES]);
        }

        @Override
        public List<GpuInventory> inventory() {
            return cards.inventory();
        }

        @Override
        public List<GpuFault> awaitFaults(Duration wait) throws InterruptedException {
            return cards.awaitFaults(wait);
        }

        @Override
        public boolean simulated() {
            return cards.simulated();
        }

        @Override
        public @Nullable String driverVersion() {
            return cards.driverVersion();
        }

        @Override
        public void close() {
            cards.close();
        }
    }

    private static GpuSource cards(MachineId id) {
        return SimulatedGpus.parse("2xH200", id.toString());
    }

    private MachineFacts facts(MachineId id, long memoryMib) {
        List<Inventory.Gpu> gpus = cards(id).inventory().stream()
                .map(gpu -> new Inventory.Gpu(gpu.uuid(), "H200", memoryMib, 90, "simulated"))
                .toList();
        Inventory inventory = new Inventory("0x01", new Region("local"), gpus, 8, 64_000, 500, 0, 0, "20.10", true);
        return new MachineFacts(id, PROVIDER, Hex.encode(device.publicKey()), inventory, 0);
    }

    private static MachineSubject subject(MachineId id, Ed25519.KeyPair key) {
        return new MachineSubject(id, PROVIDER, Hex.encode(key.publicKey()));
    }

    private DeliverySubject delivery(Ed25519.KeyPair signer, Ending ending, Receipt.Output... outputs) {
        LeaseId lease = new JobId(UUID.randomUUID()).task(0).lease(1);
        String image = "127.0.0.1:5000/x@sha256:" + "ab".repeat(32);
        Instant start = Instant.now().minusSeconds(10).truncatedTo(ChronoUnit.MILLIS);
        Receipt unsigned =
                new Receipt(lease, "c", image, ending, 0, start, start, 700, Arrays.asList(outputs), null, 0, "");
        byte[] signature = Ed25519.sign(signer, Json.canonical(unsigned));
        Receipt receipt = new Receipt(
                lease,
                "c",
                image,
                ending,
                0,
                start,
                start,
                700,
                Arrays.asList(outputs),
                null,
                0,
                Hex.encode(signature));
        Lease terms = new Lease(
                lease, machine, PROVIDER, List.of(), Ath.ofWei(1), start, new Lease.Agreement(990_000, 1_000, 1), true);
        JobSpec spec = new JobSpec(
                "j",
                image,
                List.of(),
                Map.of(),
                1,
                new JobSpec.GpuDemand(1, null, 0, true),
                1,
                1,
                1,
                Ath.ofWei(1),
                Ath.ofWei(1),
                Map.of(),
                JobSpec.Network.NONE,
                Set.of());
        network.delivery(new Delivery(terms, spec, receipt, start, start.plusMillis(900)));
        return new DeliverySubject(lease, machine, PROVIDER, Hex.encode(device.publicKey()));
    }

    private RoundOpened open(RoundId.Kind kind, long lookMillis, Subject... subjects) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Instant commitFrom = now.plusMillis(lookMillis);
        Hash32 hash = Hash32.keccak("block".getBytes(StandardCharsets.UTF_8));
        RoundOpened round = new RoundOpened(
                new RoundId(7, kind, 0, 0),
                ScriptedNetwork.CHAIN,
                List.of(subjects),
                List.of(new Seat(CHECKER, Wallet.parse(attester.address()), 1)),
                1,
                new Draw(hash, null, Hash32.ZERO, Hash32.ZERO, 7, List.of(), hash),
                commitFrom,
                commitFrom.plusSeconds(3),
                commitFrom.plusSeconds(10),
                now);
        network.rounds = List.of(new RoundDuty(round, false, false));
        return round;
    }

    private Reveal revealed(RoundOpened round) {
        await().atMost(SOON).until(() -> network.reveals.containsKey(round.round()));
        return kept(network.reveals, round.round());
    }

    private static <K, V> V kept(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key));
    }

    private void assertSigned(Hash32 struct, String signature) {
        Hash32 digest = new SigningDomain(ScriptedNetwork.CHAIN, ScriptedNetwork.LOG).digest(struct);
        assertThat(Secp256k1.verify(digest, Hex.decode(signature), attester.address()))
                .isEmpty();
    }
}
