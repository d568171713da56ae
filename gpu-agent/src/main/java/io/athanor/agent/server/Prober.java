package io.athanor.agent.server;

import io.athanor.agent.nvml.CapacityCard;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Challenge;
import io.athanor.domain.wire.AgentProtocol.CapacityDraw;
import io.athanor.domain.wire.AgentProtocol.CapacityTest;
import io.athanor.domain.wire.AgentProtocol.LineTest;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers challenges: dials the checker that the challenge names and proves by the device key that this machine is alive and
 * what it runs. The machine needs no open port, and the checker measures on a connection of its own.
 */
public final class Prober implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final int AT_ONCE = 32;
    /** The status with which a checker asks for more than a sign of life. */
    private static final int TEST = 200;

    /** The status with which it asks how much the line carries. */
    private static final int LINE = 202;

    private static final int MAX_TEST_BYTES = 1 << 18;
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{1,200}");

    private final URI server;
    private final MachineId machine;
    private final Ed25519.KeyPair key;
    private final Supplier<List<LeaseId>> live;
    private final CapacityBench capacity;
    private final LineBench line;
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIME)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * @param server whose checkers are dialled, and none that is nearer than it ({@link Reach})
     * @param live the leases that run now, in order
     * @param cards what a capacity test is computed on, by a GPU's UUID
     */
    public Prober(
            URI server,
            MachineId machine,
            Ed25519.KeyPair key,
            Supplier<List<LeaseId>> live,
            Function<String, Optional<CapacityCard>> cards) {
        this.server = server;
        this.machine = machine;
        this.key = key;
        this.live = live;
        this.line = new LineBench(machine, key, http);
        this.capacity = new CapacityBench(machine, key, cards);
    }

    /** Answers in the background; beyond the limit of answers at once, a challenge is dropped and said so. */
    public void answer(Challenge challenge) {
        if (!NONCE.matcher(challenge.nonce()).matches()) {
            LOG.warn("checker {} sent a nonce that is none", challenge.checker());
        } else if (slots.tryAcquire()) {
            Thread.ofVirtual().name("probe-" + challenge.checker()).start(() -> {
                try {
                    dial(challenge);
                } finally {
                    slots.release();
                }
            });
        } else {
            LOG.warn("too many challenges at once; the one of checker {} is dropped", challenge.checker());
        }
    }

    private void dial(Challenge challenge) {
        try {
            URI door = URI.create(challenge.endpoint() + "/probe/v1/" + challenge.nonce());
            if (!Reach.isAllowed(door, server)) {
                LOG.warn("checker {} names {}, which is nearer than the server", challenge.checker(), door);
                return;
            }
            HttpRequest request = HttpRequest.newBuilder(door)
                    .timeout(TIME)
                    // The checker's "100 Continue" and the body behind it are the round trip that it measures.
                    .expectContinue(true)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(sign(challenge.nonce()))))
                    .build();
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                LOG.debug("checker {} answered {}", challenge.checker(), answer.statusCode());
                if (answer.statusCode() == TEST) {
                    work(challenge, Json.readStrict(body.readNBytes(MAX_TEST_BYTES), CapacityTest.class));
                } else if (answer.statusCode() == LINE) {
                    LineTest test = Json.readStrict(body.readNBytes(MAX_TEST_BYTES), LineTest.class);
                    line.run(test, challenge.endpoint(), challenge.nonce());
                }
            }
        } catch (IOException | IllegalArgumentException | Refused unreachable) {
            LOG.warn("checker {} at {} cannot be dialled: {}", challenge.checker(), challenge.endpoint(), unreachable);
        } catch (InterruptedException stopping) {
            LOG.debug("stopping while dialling checker {}", challenge.checker());
        }
    }

    /** The roots go first, and stop the checker's clock; what it then draws is opened. */
    private void work(Challenge challenge, CapacityTest test) throws IOException, InterruptedException {
        CapacityBench.Computed computed = capacity.run(test, challenge.nonce());
        HttpResponse<InputStream> drawn = http.send(
                request(challenge, "/capacity/v2/", computed.answer()), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = drawn.body()) {
            if (drawn.statusCode() != TEST) {
                throw new IOException("the roots of a capacity test are answered " + drawn.statusCode());
            }
            CapacityDraw draw = Json.readStrict(body.readNBytes(MAX_TEST_BYTES), CapacityDraw.class);
            HttpRequest opened = request(challenge, "/opened/v2/", capacity.open(computed, draw));
            int status =
                    http.send(opened, HttpResponse.BodyHandlers.discarding()).statusCode();
            LOG.info(
                    "capacity test of checker {} on {} GPUs: {}",
                    challenge.checker(),
                    test.work().size(),
                    status);
        }
    }

    private static HttpRequest request(Challenge challenge, String door, Object body) {
        return HttpRequest.newBuilder(URI.create(challenge.endpoint() + door + challenge.nonce()))
                .timeout(TIME)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
    }

    private ProbeAnswer sign(String nonce) {
        ProbeAnswer unsigned = new ProbeAnswer(machine, nonce, live.get(), "");
        byte[] signature = Ed25519.sign(key, unsigned.signed().getBytes(StandardCharsets.UTF_8));
        return new ProbeAnswer(machine, nonce, unsigned.leases(), Hex.encode(signature));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
