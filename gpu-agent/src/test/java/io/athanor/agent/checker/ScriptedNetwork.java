package io.athanor.agent.checker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.RequestSignature;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Challenge;
import io.athanor.domain.wire.AgentProtocol.Problem;
import io.athanor.domain.wire.CheckerProtocol.Commit;
import io.athanor.domain.wire.CheckerProtocol.Cosign;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.Deliveries;
import io.athanor.domain.wire.CheckerProtocol.Delivery;
import io.athanor.domain.wire.CheckerProtocol.Duties;
import io.athanor.domain.wire.CheckerProtocol.Introduce;
import io.athanor.domain.wire.CheckerProtocol.Introduced;
import io.athanor.domain.wire.CheckerProtocol.MachineFacts;
import io.athanor.domain.wire.CheckerProtocol.Reveal;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The checker protocol's other side, for tests: real HTTP and signatures; the test says what there is to do. */
final class ScriptedNetwork implements AutoCloseable {
    static final Wallet LOG = Wallet.parse("0x5FbDB2315678afecb367f032d93F642f64180aa3");
    static final long CHAIN = 31337;

    final Map<MachineId, Consumer<Challenge>> machines = new ConcurrentHashMap<>();
    final Map<String, Object> answers = new ConcurrentHashMap<>();
    /** Not in the answer with all deliveries of a round. */
    final Set<LeaseId> leftOut = ConcurrentHashMap.newKeySet();

    /** What was asked for one by one. */
    final List<String> askedAlone = new CopyOnWriteArrayList<>();

    final Map<Sha256, byte[]> blobs = new ConcurrentHashMap<>();
    /** Files that are refused the first time. */
    final Set<Sha256> refusedOnce = ConcurrentHashMap.newKeySet();

    final Map<Sha256, byte[]> evidence = new ConcurrentHashMap<>();
    final Map<RoundId, Commit> commits = new ConcurrentHashMap<>();
    final Map<RoundId, Instant> commitTimes = new ConcurrentHashMap<>();
    final Map<RoundId, Reveal> reveals = new ConcurrentHashMap<>();
    final Map<String, Cosign> signatures = new ConcurrentHashMap<>();
    final List<CosignDuty> cosign = new CopyOnWriteArrayList<>();
    volatile List<RoundDuty> rounds = List.of();
    volatile String export = "";
    volatile String endpoint = "";
    private final String attester;
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    private record Terms(long chainId, Wallet settlementLog, Object parameters) {}

    ScriptedNetwork(String attester) throws IOException {
        this.attester = attester;
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext(
                "/v1/parameters", exchange -> answer(exchange, 200, new Terms(CHAIN, LOG, Profiles.load("devnet"))));
        server.createContext("/checker/v1/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void facts(MachineFacts facts) {
        answers.put("machines/" + facts.machine(), facts);
    }

    void delivery(Delivery delivery) {
        answers.put("deliveries/" + delivery.lease().id(), delivery);
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!signed(exchange, body)) {
            answer(exchange, 401, problem("SIGNATURE_INVALID", 401));
            return;
        }
        String path = exchange.getRequestURI().getPath().substring("/checker/v1/".length());
        String[] parts = path.split("/");
        switch (parts[0]) {
            case "duties" -> answer(exchange, 200, new Duties(Instant.now(), open(), 0, List.copyOf(cosign)));
            case "challenges" -> answer(exchange, 200, introduce(Json.readStrict(body, Introduce.class)));
            case "evidence" -> {
                evidence.put(new Sha256(parts[1]), body);
                answer(exchange, 200, Map.of());
            }
            case "rounds" -> round(exchange, RoundId.parse(parts[1]), parts[2], body);
            case "blobs" -> blob(exchange, new Sha256(parts[1]));
            case "export" -> bytes(exchange, export.getBytes(StandardCharsets.UTF_8));
            case "cosign" -> {
                signatures.put(parts[1] + " " + parts[2], Json.readStrict(body, Cosign.class));
                cosign.removeIf(duty -> (duty.kind() + " " + duty.number()).equals(parts[1] + " " + parts[2]));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            }
            default -> {
                askedAlone.add(path);
                Object known = answers.get(path);
                answer(exchange, known == null ? 404 : 200, known == null ? problem("NOT_FOUND", 404) : known);
            }
        }
    }

    private List<RoundDuty> open() {
        return rounds.stream()
                .map(duty -> new RoundDuty(
                        duty.round(),
                        commits.containsKey(duty.round().round()),
                        reveals.containsKey(duty.round().round())))
                .toList();
    }

    private boolean signed(HttpExchange exchange, byte[] body) {
        var headers = exchange.getRequestHeaders();
        RequestSignature request = RequestSignature.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Instant.ofEpochMilli(Long.parseLong(headers.getFirst(RequestSignature.TIME_HEADER))),
                headers.getFirst(RequestSignature.NONCE_HEADER),
                body);
        String text = new String(request.bytesToSign(), StandardCharsets.US_ASCII);
        return headers.getFirst(RequestSignature.DEVICE_HEADER).equals(attester)
                && Secp256k1.verify(
                                PersonalMessage.digest(text),
                                Hex.decode(headers.getFirst(RequestSignature.SIGNATURE_HEADER)),
                                attester)
                        .isEmpty();
    }

    private Introduced introduce(Introduce body) {
        Consumer<Challenge> machine = machines.get(body.machine());
        if (machine == null) {
            return new Introduced(false);
        }
        machine.accept(new Challenge(endpoint, body.nonce(), attester));
        return new Introduced(true);
    }

    private void round(HttpExchange exchange, RoundId round, String what, byte[] body) throws IOException {
        if (what.equals("deliveries")) {
            answer(exchange, 200, deliveries());
            return;
        }
        if (what.equals("commit")) {
            commits.put(round, Json.readStrict(body, Commit.class));
            commitTimes.put(round, Instant.now());
        } else {
            reveals.put(round, Json.readStrict(body, Reveal.class));
        }
        answer(exchange, 200, Map.of());
    }

    private Deliveries deliveries() {
        return new Deliveries(answers.values().stream()
                .filter(Delivery.class::isInstance)
                .map(Delivery.class::cast)
                .filter(delivery -> !leftOut.contains(delivery.lease().id()))
                .toList());
    }

    private static Problem problem(String code, int status) {
        return new Problem("/errors/" + code, code, status, code, "scripted", null);
    }

    private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] json = Json.bytes(body);
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    private void blob(HttpExchange exchange, Sha256 digest) throws IOException {
        if (refusedOnce.remove(digest)) {
            answer(exchange, 403, problem("NOT_ALLOWED", 403));
        } else {
            bytes(exchange, blobs.get(digest));
        }
    }

    private static void bytes(HttpExchange exchange, byte @Nullable [] content) throws IOException {
        if (content == null) {
            answer(exchange, 404, problem("NOT_FOUND", 404));
            return;
        }
        exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
