package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.crypto.RequestSignature;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand.LoseJob;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand.ReleaseGpus;
import io.athanor.domain.machine.MachineCommand.TakeOffline;
import io.athanor.domain.machine.Maintenance;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Cancel;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Forget;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Declined;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Draining;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Ended;
import io.athanor.domain.wire.AgentProtocol.AgentReport.GpuChanged;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Started;
import io.athanor.domain.wire.AgentProtocol.BandwidthTaken;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import io.athanor.domain.wire.AgentProtocol.Reported;
import io.athanor.domain.wire.AgentProtocol.SessionOpened;
import io.athanor.domain.wire.AgentProtocol.Synced;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The agent protocol over HTTP, from enrolment to the end of a lease. */
@Tag("postgres")
class AgentProtocolTest {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Job job(LeaseId lease) {
        return Objects.requireNonNull(ApiNode.NETWORK.state(StreamId.of(StreamId.JOB, lease.task()), Job.class));
    }

    private static Machine machine(TestAgent agent) {
        return Objects.requireNonNull(
                ApiNode.NETWORK.state(StreamId.of(StreamId.MACHINE, agent.machine), Machine.class));
    }

    @Test
    void aLeaseGoesItsWholeWay() {
        TestAgent agent = TestAgent.online(2);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, Samples.funded(20));

        Start start = agent.next(Start.class);
        assertThat(start.lease()).isEqualTo(lease);
        assertThat(start.env())
                .containsEntry("SCENE", "glass")
                .containsEntry("ATHANOR_TASK_INDEX", "0")
                .containsEntry("ATHANOR_TASK_COUNT", "1");
        assertThat(start.paidUntilMillis()).isEqualTo(60_000);
        assertThat(start.specDigest()).isEqualTo(Json.digest(start.spec()));

        agent.sync(new Started(lease, "c1", Instant.now()));
        assertThat(job(lease).name()).isEqualTo("RUNNING");
        agent.sync(new Ended(lease, agent.receipt(lease, Ending.COMPLETED, Map.of())));
        assertThat(job(lease).name()).isEqualTo("COMPLETED");
        assertThat(machine(agent).reserved()).isEmpty();
        assertThat(agent.next(Forget.class).lease()).isEqualTo(lease);
        agent.sync();
        Synced quiet = agent.sync();
        assertThat(quiet.orders()).isEmpty();
    }

    @Test
    void reportsCountOnceAndOrdersComeUntilTheyAreAcknowledged() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, Samples.funded(20));
        agent.next(Start.class);

        Reported ended = new Reported(2, new Ended(lease, agent.receipt(lease, Ending.COMPLETED, Map.of())));
        List<Reported> reports = List.of(new Reported(1, new Started(lease, "c1", Instant.now())), ended);
        agent.resend(reports);
        Forget forget = agent.next(Forget.class);
        agent.ackServer--;
        int orders = ApiNode.NETWORK.orders();
        Synced again = agent.resend(reports);
        assertThat(again.ackAgentSeq()).isEqualTo(2);
        assertThat(ApiNode.NETWORK.orders()).isEqualTo(orders);
        assertThat(ApiNode.NETWORK.events(JobCompleted.class).stream()
                        .filter(e -> e.task().equals(lease.task())))
                .hasSize(1);

        assertThat(again.orders()).extracting(Ordered::order).containsExactly(forget);
        assertThat(agent.sync().orders()).isEmpty();
    }

    @Test
    void unacknowledgedOrdersOutliveTheSession() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, Samples.funded(20));
        agent.next(Start.class);
        agent.ackServer--;
        SessionOpened second = agent.open(List.of());
        assertThat(second.session()).isEqualTo(2);
        assertThat(agent.next(Start.class).lease()).isEqualTo(lease);
    }

    @Test
    void aNewerSessionFencesTheOlder() {
        TestAgent agent = TestAgent.online(1);
        long old = agent.session;
        agent.open(List.of());
        long current = agent.session;
        agent.session = old;
        Client.Answer stale = agent.syncRaw(List.of());
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.code()).isEqualTo("STALE_SESSION");
        agent.session = current;
        assertThat(agent.syncRaw(List.of()).status()).isEqualTo(200);
    }

    @Test
    void workUnderAnOldFenceIsEndedAndNeverLoops() {
        TestAgent agent = TestAgent.online(2);
        Placed.certify(agent);
        LeaseId first = Placed.onto(agent, Samples.funded(20));
        agent.next(Start.class);
        Instant now = Instant.now();
        ApiNode.NETWORK
                .send(Order.inside(
                        "saga:test",
                        null,
                        List.of(
                                new LoseJob(first.task(), first, Ending.START_DEADLINE, "too late", now),
                                new ReleaseGpus(agent.machine, first, now))))
                .join();
        Placed.requeue(first.task());
        LeaseId second = Placed.assign(agent, first.task(), 2, 1);

        assertThat(agent.next(Cancel.class).lease()).isEqualTo(first);
        assertThat(agent.next(Start.class).lease()).isEqualTo(second);
        Synced late = agent.sync(new Ended(first, agent.receipt(first, Ending.CANCELLED, Map.of())));
        assertThat(late.ackAgentSeq()).isEqualTo(agent.seq);
        assertThat(late.orders()).extracting(Ordered::order).contains(new Forget(first));
        Synced started = agent.sync(new Started(first, "c0", now), new Started(second, "c2", now));
        assertThat(started.orders()).extracting(Ordered::order).contains(new Cancel(first, Ending.LEASE_EXPIRED));
        assertThat(job(second).name()).isEqualTo("RUNNING");
        assertThat(machine(agent).reserved()).containsOnlyKeys(second);
    }

    @Test
    void aForgedReceiptEndsTheLeaseUnpaid() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, Samples.funded(20));
        agent.next(Start.class);
        Ed25519.KeyPair other = Ed25519.generate(Samples.RANDOM);
        agent.sync(
                new Started(lease, "c1", Instant.now()),
                new Ended(lease, TestAgent.signed(agent.receipt(lease, Ending.COMPLETED, Map.of()), other)));
        assertThat(job(lease))
                .isInstanceOfSatisfying(
                        Job.Lost.class, lost -> assertThat(lost.ending()).isEqualTo(Ending.CONTAINER_LOST));
        assertThat(machine(agent).reserved()).isEmpty();
    }

    @Test
    void anotherMachineCannotSpeakForALease() {
        TestAgent holder = TestAgent.online(1);
        Placed.certify(holder);
        LeaseId lease = Placed.onto(holder, Samples.funded(20));
        TestAgent thief = TestAgent.online(1);
        Synced answer = thief.sync(new Ended(lease, thief.receipt(lease, Ending.COMPLETED, Map.of())));
        assertThat(answer.orders()).extracting(Ordered::order).contains(new Forget(lease));
        assertThat(job(lease).name()).isEqualTo("ASSIGNED");
        assertThat(thief.send("POST", "/agent/v1/logs/" + lease + "?offset=0", new byte[] {1})
                        .code())
                .isEqualTo("NOT_ALLOWED");
        assertThat(holder.send("POST", "/agent/v1/logs/" + lease + "?offset=0", new byte[] {1})
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aDeclinedLeaseIsLostByItsMachineAndItsGpusAreFree() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        LeaseId lease = Placed.onto(agent, Samples.funded(20));
        agent.next(Start.class);
        agent.sync(new Declined(lease, Ending.CANCELLED, "draining".repeat(200)));
        assertThat(job(lease))
                .isInstanceOfSatisfying(
                        Job.Lost.class, lost -> assertThat(lost.ending()).isEqualTo(Ending.REFUSED_BY_AGENT));
        LeaseId runs = Placed.onto(agent, Samples.funded(20));
        agent.sync(new Started(runs, "c1", Instant.now()), new Declined(runs, Ending.REFUSED_BY_AGENT, "it pays less"));
        assertThat(job(runs))
                .isInstanceOfSatisfying(
                        Job.Lost.class, lost -> assertThat(lost.ending()).isEqualTo(Ending.CONTAINER_LOST));
        assertThat(machine(agent).reserved()).isEmpty();
    }

    @Test
    void aMachineThatDrainsIsClosedForNewWorkUntilItSaysOtherwise() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        agent.sync(new Draining(true, null, null));
        assertThat(machine(agent).isClosed(Instant.now())).isTrue();
        Instant tomorrow = Instant.now().plusSeconds(86_400).truncatedTo(ChronoUnit.MILLIS);
        agent.sync(new Draining(true, tomorrow, tomorrow.plusSeconds(3_600)));
        assertThat(machine(agent).isClosed(Instant.now())).isFalse();
        assertThat(machine(agent).maintenance()).isEqualTo(new Maintenance(tomorrow, tomorrow.plusSeconds(3_600)));
        agent.sync(new Draining(false, null, null));
        assertThat(machine(agent).maintenance()).isNull();
    }

    @Test
    void aMachineMeasuresItsLineByBytesThatAreKeptNowhere() {
        TestAgent agent = TestAgent.online(1);
        assertThat(agent.send("POST", "/agent/v1/bandwidth", new byte[70_000]).as(BandwidthTaken.class))
                .isEqualTo(new BandwidthTaken(70_000));
        assertThat(agent.send("GET", "/agent/v1/bandwidth?bytes=100000", new byte[0])
                        .body())
                .hasSize(100_000);
        assertThat(agent.send("GET", "/agent/v1/bandwidth?bytes=99999999999", new byte[0])
                        .code())
                .isEqualTo("MALFORMED");
    }

    @Test
    void theClientsCancelReachesTheMachine() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        Secp256k1.KeyPair client = Samples.funded(20);
        LeaseId lease = Placed.onto(agent, client);
        agent.next(Start.class);
        Client.post(
                "/v1/jobs/" + lease.task().job() + "/cancel",
                Samples.cancel(client, lease.task().job()));
        assertThat(agent.next(Cancel.class)).isEqualTo(new Cancel(lease, Ending.CANCELLED));
    }

    @Test
    void enrolmentNeedsTokenWalletAndDevice() {
        Secp256k1.KeyPair provider = Samples.key();
        Client.post("/v1/providers", Samples.provider(provider, "enrol"));
        String token = TestAgent.token(provider);
        TestAgent agent = new TestAgent(provider, new MachineId(Samples.uuid()), 1);
        assertThat(agent.enroll("athe_unknown").code()).isEqualTo("NOT_ALLOWED");
        assertThat(agent.enroll(token, Samples.key()).code()).isEqualTo("NOT_ALLOWED");
        assertThat(agent.syncRaw(List.of()).code()).isEqualTo("NOT_ALLOWED");
        assertThat(agent.enroll(token).status()).isEqualTo(200);
        assertThat(agent.enroll(token).status()).isEqualTo(200);
        TestAgent second = new TestAgent(provider, new MachineId(Samples.uuid()), 1);
        assertThat(second.enroll(token).code()).isEqualTo("NOT_ALLOWED");
    }

    @Test
    void aMachineOfAnotherWalletIsRefused() {
        TestAgent agent = TestAgent.online(1);
        Secp256k1.KeyPair other = Samples.key();
        Client.post("/v1/providers", Samples.provider(other, "other"));
        TestAgent claimed = new TestAgent(other, agent.machine, 1);
        Client.Answer refused = claimed.enroll(TestAgent.token(other));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("ALREADY_REGISTERED");
        assertThat(agent.syncRaw(List.of()).status()).isEqualTo(200);
    }

    @Test
    void requestsAreSignedFreshAndNew() {
        TestAgent agent = TestAgent.online(1);
        String path = "/agent/v1/session";
        byte[] body =
                Json.bytes(new io.athanor.domain.wire.AgentProtocol.OpenSession(agent.inventory, "0.1.0", List.of()));
        Map<String, String> good = Client.deviceHeaders(
                agent.machine.toString(), agent.device, "POST", path, body, Instant.now(), Client.nonce());
        assertThat(Client.send("POST", path, body, good).status()).isEqualTo(200);
        assertThat(Client.send("POST", path, body, good).code()).isEqualTo("SIGNATURE_REPLAYED");

        Map<String, String> late = Client.deviceHeaders(
                agent.machine.toString(),
                agent.device,
                "POST",
                path,
                body,
                Instant.now().minus(Duration.ofSeconds(31)),
                Client.nonce());
        ApiNode.STORES.heard.remove(agent.machine);
        Client.Answer skew = Client.send("POST", path, body, late);
        assertThat(skew.code()).isEqualTo("CLOCK_SKEW");
        assertThat(skew.headers().firstValue(RequestSignature.TIME_HEADER)).isPresent();
        assertThat(ApiNode.STORES.heard).containsKey(agent.machine);

        Map<String, String> other = Client.deviceHeaders(
                agent.machine.toString(), agent.device, "POST", path, new byte[] {1}, Instant.now(), Client.nonce());
        assertThat(Client.send("POST", path, body, other).code()).isEqualTo("SIGNATURE_INVALID");
        assertThat(Client.send("POST", path, body, Map.of()).code()).isEqualTo("SIGNATURE_INVALID");
        agent.open(List.of());
    }

    @Test
    void logsGrowByOffsetWithoutARepeatedByte() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        Secp256k1.KeyPair client = Samples.funded(20);
        LeaseId lease = Placed.onto(agent, client);
        String upload = "/agent/v1/logs/" + lease + "?offset=";
        assertThat(agent.send("POST", upload + 0, utf8("hello "))
                        .json()
                        .path("nextOffset")
                        .asLong())
                .isEqualTo(6);
        assertThat(agent.send("POST", upload + 3, utf8("lo world"))
                        .json()
                        .path("nextOffset")
                        .asLong())
                .isEqualTo(11);
        assertThat(agent.send("POST", upload + 99, utf8("x"))
                        .json()
                        .path("nextOffset")
                        .asLong())
                .isEqualTo(11);
        assertThat(agent.send("POST", upload + (1L << 40), utf8("x")).code()).isEqualTo("TOO_LARGE");

        String read = "/v1/jobs/" + lease.task().job() + "/logs?offset=6";
        assertThat(Client.get(read).code()).isEqualTo("NOT_SIGNED_IN");
        Client.Answer stranger = Client.send("GET", read, new byte[0], Client.bearer(Samples.signIn(Samples.key())));
        assertThat(stranger.code()).isEqualTo("NOT_ALLOWED");
        Client.Answer own = Client.send("GET", read, new byte[0], Client.bearer(Samples.signIn(client)));
        assertThat(own.text()).isEqualTo("world");
        assertThat(own.headers().firstValue("Athanor-Next-Offset")).contains("11");
    }

    @Test
    void aLostGpuLeavesTheMachinesOfferAndComesBack() {
        TestAgent agent = TestAgent.online(2);
        String gpu = agent.inventory.gpus().getFirst().uuid();
        agent.sync(new GpuChanged(gpu, false, "XID 79"));
        assertThat(Objects.requireNonNull(machine(agent).inventory()).gpus()).hasSize(1);
        agent.sync(new GpuChanged(gpu, true, "reset"));
        assertThat(Objects.requireNonNull(machine(agent).inventory()).gpus()).hasSize(2);
    }

    @Test
    void aMachineThatWentOfflineIsBroughtBackByItsNextSync() {
        TestAgent agent = TestAgent.online(1);
        ApiNode.NETWORK
                .send(Order.inside("saga:test", null, new TakeOffline(agent.machine, "silent", Instant.now())))
                .join();
        assertThat(machine(agent).online()).isFalse();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            agent.sync();
            return machine(agent).online();
        });
    }

    @Test
    void aNewSessionReconcilesWhatRuns() {
        TestAgent agent = TestAgent.online(2);
        Placed.certify(agent);
        LeaseId known = Placed.onto(agent, Samples.funded(20));
        agent.next(Start.class);
        agent.sync(new Started(known, "c1", Instant.now()));
        LeaseId unknown = new LeaseId(known.task(), 9);
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            agent.open(List.of(known, unknown));
            return agent.sync().orders().isEmpty();
        });
        assertThat(agent.syncRaw(List.of(new Reported(agent.seq + 1, new Started(unknown, "c", Instant.now()))))
                        .code())
                .isEqualTo("UNAVAILABLE");
        ApiNode.CLOCK.shift.set(Duration.ofSeconds(31));
        try {
            assertThat(agent.sync().orders())
                    .extracting(Ordered::order)
                    .containsExactly(new Cancel(unknown, Ending.LEASE_EXPIRED));
        } finally {
            ApiNode.CLOCK.shift.set(Duration.ZERO);
        }
        agent.open(List.of());
        assertThat(agent.next(Start.class).lease()).isEqualTo(known);
    }
}
