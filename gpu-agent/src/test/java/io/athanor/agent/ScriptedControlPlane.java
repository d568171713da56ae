package io.athanor.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.crypto.RequestSignature;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.BlobStored;
import io.athanor.domain.wire.AgentProtocol.Enroll;
import io.athanor.domain.wire.AgentProtocol.Enrolled;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import io.athanor.domain.wire.AgentProtocol.LogAccepted;
import io.athanor.domain.wire.AgentProtocol.OpenSession;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import io.athanor.domain.wire.AgentProtocol.Problem;
import io.athanor.domain.wire.AgentProtocol.ReadyTaken;
import io.athanor.domain.wire.AgentProtocol.Reported;
import io.athanor.domain.wire.AgentProtocol.SessionOpened;
import io.athanor.domain.wire.AgentProtocol.Sync;
import io.athanor.domain.wire.AgentProtocol.Synced;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The agent protocol's other side, for tests: real HTTP, signatures and nonces checked, cumulative acknowledgements, logs
 * and files by the protocol's rules. The test says what to order and which answers get lost. It decides nothing by itself.
 */
final class ScriptedControlPlane implements AutoCloseable {
    private static final long HOLD_MILLIS = 1_000;

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final TreeMap<Long, AgentOrder> orders = new TreeMap<>();
    private final TreeMap<Long, AgentReport> reports = new TreeMap<>();
    private final Map<LeaseId, ByteArrayOutputStream> logs = new ConcurrentHashMap<>();
    private final ScriptedStreams streams = new ScriptedStreams();
    private final Map<Sha256, byte[]> blobs = new ConcurrentHashMap<>();
    private final Set<String> nonces = new HashSet<>();
    private final List<OpenSession> sessions = new ArrayList<>();
    private @Nullable Heartbeat heartbeat;
    private @Nullable Enroll enrolled;
    private byte[] agentKey = new byte[0];
    private long ackServerSeq;
    private long nextOrder = 1;
    private long polls;
    private int dropAnswers;
    private boolean lostLast;
    private long deliveries;
    private volatile boolean partitioned;
    private volatile @Nullable String nonsense;
    private volatile long nonsenseTimes;
    private final AtomicLong nonsenseSaid = new AtomicLong();
    private volatile boolean deaf;
    private volatile long holdMillis = HOLD_MILLIS;
    private volatile Duration ahead = Duration.ZERO;
    private volatile long leaseTtlMillis = 7_200_000;
    private volatile long orderLeftNanos;

    ScriptedControlPlane() throws IOException {
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/agent/v1/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Requests must carry this key's signature. */
    void trust(byte[] key) {
        agentKey = key.clone();
    }

    /** As {@link #trust}: the key of the agent with this data folder. */
    ScriptedControlPlane trusting(Path data) throws IOException {
        trust(Identity.of(data).key().publicKey());
        return this;
    }

    synchronized void send(AgentOrder order) {
        orders.put(nextOrder++, order);
        notifyAll();
    }

    /** Sends again what the agent has acknowledged long ago. */
    synchronized void forgetAcknowledgements() {
        ackServerSeq = 0;
    }

    /** When the newest answer with an order was ready to be written, by {@link System#nanoTime}. */
    long orderLeftNanos() {
        return orderLeftNanos;
    }

    synchronized List<AgentReport> reports() {
        return List.copyOf(reports.values());
    }

    /** How many times reports arrived, doubles counted. */
    synchronized long deliveries() {
        return deliveries;
    }

    synchronized List<OpenSession> sessions() {
        return List.copyOf(sessions);
    }

    synchronized @Nullable Heartbeat heartbeat() {
        return heartbeat;
    }

    synchronized @Nullable Enroll enrolled() {
        return enrolled;
    }

    /** Every other answer gets lost after its request was taken, until so many are. */
    synchronized void dropAnswers(int count) {
        dropAnswers = count;
    }

    synchronized int answersToDrop() {
        return dropAnswers;
    }

    /** Nothing gets through while true. */
    void partition(boolean cut) {
        partitioned = cut;
    }

    /** Reports arrive and are not acknowledged while true. */
    void deaf(boolean now) {
        deaf = now;
    }

    /** Every request is answered with this text, so many times one after the other, until null is said. */
    void answerNonsense(@Nullable String text, long times) {
        nonsense = text;
        nonsenseTimes = times;
        nonsenseSaid.set(0);
    }

    /** How many requests have been answered with the nonsense of now. */
    long nonsenseSaid() {
        return nonsenseSaid.get();
    }

    /** How long a poll waits for an order. */
    void holdMillis(long millis) {
        holdMillis = millis;
    }

    /** Its clock jumps. */
    void clockAhead(Duration jump) {
        ahead = jump;
    }

    private Instant now() {
        return Instant.now().plus(ahead);
    }

    void leaseTtlMillis(long millis) {
        leaseTtlMillis = millis;
    }

    String log(LeaseId lease) {
        return new String(logBytes(lease), StandardCharsets.UTF_8);
    }

    int logSize(LeaseId lease) {
        ByteArrayOutputStream log = logs.get(lease);
        return log == null ? 0 : log.size();
    }

    byte[] logBytes(LeaseId lease) {
        ByteArrayOutputStream log = logs.get(lease);
        return log == null ? new byte[0] : log.toByteArray();
    }

    Map<Sha256, byte[]> blobs() {
        return blobs;
    }

    ScriptedStreams streams() {
        return streams;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (partitioned) {
            exchange.close();
            return;
        }
        String wrong = nonsense;
        if (wrong != null) {
            say(exchange, wrong.getBytes(StandardCharsets.UTF_8));
            return;
        }
        Reason refusal = verify(exchange, body);
        if (refusal != null) {
            answer(exchange, refusal.status(), problem(refusal));
            return;
        }
        try {
            route(exchange, body);
        } catch (InterruptedException stopped) {
            exchange.close();
        }
    }

    private void say(HttpExchange exchange, byte[] wrong) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (exchange;
                OutputStream out = exchange.getResponseBody()) {
            for (long i = 0; i < nonsenseTimes; i++) {
                out.write(wrong);
            }
        } finally {
            nonsenseSaid.incrementAndGet();
        }
    }

    private void route(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath().substring("/agent/v1/".length());
        String[] parts = path.split("/");
        switch (parts[0]) {
            case "enroll" -> answer(exchange, 200, enroll(Json.readStrict(body, Enroll.class)));
            case "session" -> answer(exchange, 200, open(Json.readStrict(body, OpenSession.class)));
            case "sync" -> sync(exchange, Json.readStrict(body, Sync.class));
            case "logs" -> answer(exchange, 200, log(LeaseId.parse(parts[1]), exchange, body));
            case "streams" ->
                streams.handle(
                        parts[1],
                        parts[2],
                        exchange.getRequestURI().getQuery(),
                        body,
                        said -> answer(exchange, 200, said));
            case "readiness" -> answer(exchange, 200, new ReadyTaken(true));
            case "bandwidth" -> ScriptedLine.bandwidth(exchange, body);
            case "blobs" -> blob(exchange, new Sha256(parts[1]), body);
            default -> answer(exchange, 404, problem(Reason.NOT_FOUND));
        }
    }

    private synchronized @Nullable Reason verify(HttpExchange exchange, byte[] body) {
        var headers = exchange.getRequestHeaders();
        RequestSignature request = RequestSignature.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Instant.ofEpochMilli(Long.parseLong(headers.getFirst(RequestSignature.TIME_HEADER))),
                headers.getFirst(RequestSignature.NONCE_HEADER),
                body);
        byte[] signature = Hex.decode(headers.getFirst(RequestSignature.SIGNATURE_HEADER), 64);
        if (!request.isSignedBy(agentKey, signature)) {
            return Reason.SIGNATURE_INVALID;
        }
        if (!request.isFresh(now())) {
            exchange.getResponseHeaders().add(RequestSignature.TIME_HEADER, Long.toString(now().toEpochMilli()));
            return Reason.CLOCK_SKEW;
        }
        return nonces.add(request.nonce()) ? null : Reason.SIGNATURE_REPLAYED;
    }

    private synchronized Enrolled enroll(Enroll request) {
        enrolled = request;
        return new Enrolled(request.machine(), new Wallet("0x70997970C51812dc3A010C7d01b50e0d17dc79C8"), Instant.now());
    }

    private synchronized SessionOpened open(OpenSession request) {
        sessions.add(request);
        notifyAll();
        return new SessionOpened(sessions.size(), newestReport(), HOLD_MILLIS, leaseTtlMillis, now());
    }

    private long newestReport() {
        return reports.isEmpty() ? 0 : reports.lastKey();
    }

    private void sync(HttpExchange exchange, Sync request) throws IOException, InterruptedException {
        Synced synced;
        boolean lost;
        synchronized (this) {
            if (request.session() != sessions.size()) {
                answer(exchange, 409, problem(Reason.STALE_SESSION));
                return;
            }
            for (Reported reported : request.reports()) {
                reports.put(reported.seq(), reported.report());
                deliveries++;
            }
            heartbeat = request.heartbeat();
            ackServerSeq = Math.max(ackServerSeq, request.ackServerSeq());
            hold(request);
            synced = new Synced(deaf ? 0 : newestReport(), open(), 0, now());
            lost = dropAnswers > 0 && !lostLast;
            lostLast = lost;
            dropAnswers -= lost ? 1 : 0;
        }
        if (lost) {
            exchange.close();
        } else if (synced.orders().isEmpty()) {
            answer(exchange, 200, synced);
        } else {
            byte[] json = Json.bytes(synced);
            orderLeftNanos = System.nanoTime();
            write(exchange, 200, json);
        }
    }

    /** A newer poll of the same agent ends an older one. */
    private void hold(Sync request) throws InterruptedException {
        long mine = ++polls;
        notifyAll();
        long end = System.nanoTime() + holdMillis * 1_000_000;
        long left = holdMillis;
        while (request.reports().isEmpty() && open().isEmpty() && polls == mine && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    private List<Ordered> open() {
        List<Ordered> open = new ArrayList<>();
        orders.tailMap(ackServerSeq, false).forEach((seq, order) -> open.add(new Ordered(seq, order)));
        return open;
    }

    private LogAccepted log(LeaseId lease, HttpExchange exchange, byte[] body) {
        long offset = Long.parseLong(exchange.getRequestURI().getQuery().substring("offset=".length()));
        ByteArrayOutputStream log = logs.computeIfAbsent(lease, _ -> new ByteArrayOutputStream());
        synchronized (log) {
            int skip = (int) (log.size() - offset);
            if (skip >= 0 && skip < body.length) {
                log.write(body, skip, body.length - skip);
            }
            return new LogAccepted(log.size());
        }
    }

    private void blob(HttpExchange exchange, Sha256 digest, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            if (!Sha256.of(body).equals(digest)) {
                answer(exchange, 400, problem(Reason.MALFORMED));
                return;
            }
            blobs.put(digest, body);
            answer(exchange, 200, new BlobStored(digest, body.length));
            return;
        }
        byte[] content = blobs.get(digest);
        if (content == null) {
            answer(exchange, 404, problem(Reason.NOT_FOUND));
            return;
        }
        exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    private static Problem problem(Reason reason) {
        return new Problem("/errors/" + reason, reason.name(), reason.status(), reason.name(), "scripted", null);
    }

    static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        write(exchange, status, Json.bytes(body));
    }

    private static void write(HttpExchange exchange, int status, byte[] json) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
