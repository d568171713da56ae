package io.athanor.apitest;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.Enroll;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.OpenSession;
import io.athanor.domain.wire.AgentProtocol.Reported;
import io.athanor.domain.wire.AgentProtocol.SessionOpened;
import io.athanor.domain.wire.AgentProtocol.Sync;
import io.athanor.domain.wire.AgentProtocol.Synced;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A machine's side of the protocol, with a real device key. */
final class TestAgent {
    final Secp256k1.KeyPair provider;
    final MachineId machine;
    final Ed25519.KeyPair device = Ed25519.generate(Samples.RANDOM);
    final Inventory inventory;
    long session;
    long ackServer;
    long seq;
    /** Orders as they came, repeats too, until a test takes them. */
    final List<AgentOrder> inbox = new ArrayList<>();

    TestAgent(Secp256k1.KeyPair provider, MachineId machine, int gpus) {
        this(provider, machine, Samples.inventory(gpus));
    }

    TestAgent(Secp256k1.KeyPair provider, MachineId machine, Inventory inventory) {
        this.provider = provider;
        this.machine = machine;
        this.inventory = inventory;
    }

    /** A registered provider's machine, enrolled and with an open session. */
    static TestAgent online(int gpus) {
        return online(Samples.inventory(gpus));
    }

    /** Another machine of the same provider. */
    TestAgent another(int gpus) {
        TestAgent agent = new TestAgent(provider, new MachineId(Samples.uuid()), gpus);
        Client.Answer enrolled = agent.enroll(token(provider));
        if (enrolled.status() != 200) {
            throw new AssertionError(enrolled.text());
        }
        agent.open(List.of());
        return agent;
    }

    static TestAgent online(Inventory inventory) {
        Secp256k1.KeyPair provider = Samples.key();
        Client.post(
                "/v1/providers",
                Samples.provider(provider, "p" + provider.address().substring(2, 8)));
        Samples.bond(Samples.wallet(provider), 12_500L * inventory.gpus().size());
        TestAgent agent = new TestAgent(provider, new MachineId(Samples.uuid()), inventory);
        Client.Answer enrolled = agent.enroll(token(provider));
        if (enrolled.status() != 200) {
            throw new AssertionError(enrolled.text());
        }
        agent.open(List.of());
        return agent;
    }

    static String token(Secp256k1.KeyPair provider) {
        Client.Answer made = Client.send(
                "POST", "/v1/machines/enrolment-tokens", new byte[0], Client.bearer(Samples.signIn(provider)));
        return made.field("token");
    }

    String agentKey() {
        return Hex.encode(device.publicKey());
    }

    Client.Answer enroll(String token) {
        return enroll(token, provider);
    }

    Client.Answer enroll(String token, Secp256k1.KeyPair signer) {
        Authorization signed = Samples.authorize(
                signer,
                (id, expiresAt) ->
                        TypedCommands.authorizeAgent(Samples.wallet(signer), agentKey(), machine, id, expiresAt));
        return post("/agent/v1/enroll", new Enroll(token, machine, agentKey(), inventory, signed));
    }

    SessionOpened open(List<LeaseId> running) {
        SessionOpened opened = post("/agent/v1/session", new OpenSession(inventory, "0.1.0", running))
                .as(SessionOpened.class);
        session = opened.session();
        return opened;
    }

    Client.Answer post(String path, Object body) {
        return send("POST", path, Json.bytes(body));
    }

    Client.Answer send(String method, String path, byte[] body) {
        return Client.byDevice(machine.toString(), device, method, path, body);
    }

    Synced sync(AgentReport... reports) {
        List<Reported> numbered = new ArrayList<>();
        for (AgentReport report : reports) {
            seq++;
            numbered.add(new Reported(seq, report));
        }
        return resend(numbered);
    }

    Synced resend(List<Reported> reports) {
        Synced synced = syncRaw(reports).as(Synced.class);
        synced.orders().forEach(order -> {
            ackServer = Math.max(ackServer, order.seq());
            inbox.add(order.order());
        });
        return synced;
    }

    /** Takes the next order of this kind, syncing until it comes. */
    <O extends AgentOrder> O next(Class<O> kind) {
        for (int i = 0; i < 20; i++) {
            for (AgentOrder order : inbox) {
                if (kind.isInstance(order)) {
                    inbox.remove(order);
                    return kind.cast(order);
                }
            }
            sync();
        }
        throw new AssertionError("no " + kind.getSimpleName() + " came, but " + inbox);
    }

    Client.Answer syncRaw(List<Reported> reports) {
        Heartbeat heartbeat = new Heartbeat(true, 1_000, List.of(), List.of());
        return post("/agent/v1/sync", new Sync(session, ackServer, heartbeat, reports));
    }

    Receipt receipt(LeaseId lease, Ending ending, Map<String, byte[]> outputs) {
        List<Receipt.Output> files = outputs.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(file -> new Receipt.Output(file.getKey(), Sha256.of(file.getValue()), file.getValue().length))
                .toList();
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        Receipt unsigned = new Receipt(
                lease,
                "container-" + lease,
                Samples.IMAGE,
                ending,
                ending == Ending.COMPLETED ? 0 : 1,
                now.minusSeconds(2),
                now,
                2_000,
                files,
                null,
                0,
                "");
        return signed(unsigned, device);
    }

    static Receipt signed(Receipt r, Ed25519.KeyPair key) {
        String signature = Hex.encode(Ed25519.sign(key, Json.canonical(r.unsigned())));
        return new Receipt(
                r.lease(),
                r.container(),
                r.image(),
                r.ending(),
                r.exitCode(),
                r.startedAt(),
                r.endedAt(),
                r.runMillis(),
                r.outputs(),
                r.log(),
                r.logBytes(),
                signature);
    }
}
