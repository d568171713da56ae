package io.athanor.agent.server;

import io.athanor.agent.docker.ContainerStream;
import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.run.Backoff;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Connect;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Execute;
import io.athanor.domain.wire.AgentProtocol.StreamEnded;
import io.athanor.domain.wire.AgentProtocol.StreamInput;
import io.athanor.domain.wire.AgentProtocol.StreamTaken;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relays streams between running containers and the server, which a job's client asked for there. Bytes carry their offset
 * both ways, so that neither a lost answer nor a repeat doubles or drops one; neither side waits with more than one piece in
 * memory, so a slow reader slows the writer.
 */
public final class StreamRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamRelay.class);
    private static final int AT_ONCE = 32;
    private static final int REMEMBERED = 1_024;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int ATTEMPTS = 8;
    private static final Pattern STREAM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final DockerEngine engine;
    private final SignedHttp http;
    private final StreamLatencies latencies;
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final Map<String, ContainerStream> open = new ConcurrentHashMap<>();
    private final Map<String, Boolean> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    public StreamRelay(DockerEngine engine, SignedHttp http, StreamLatencies latencies) {
        this.engine = engine;
        this.http = http;
        this.latencies = latencies;
    }

    /** Something that may fail for a while. */
    private interface Exchange<T> {
        T send() throws IOException, InterruptedException;
    }

    /** Opens a stream in the background; a repeat of the order changes nothing. */
    public void execute(Execute order) {
        begin(order, order.stream());
    }

    /** As {@link #execute}. */
    public void connect(Connect order) {
        begin(order, order.stream());
    }

    private void begin(AgentOrder order, String stream) {
        if (!STREAM.matcher(stream).matches()) {
            LOG.warn("the server names a stream in a way that is none");
        } else if (isNew(stream)) {
            Thread.ofVirtual().name("stream-" + stream).start(() -> serve(order, stream));
        }
    }

    private boolean isNew(String stream) {
        synchronized (seen) {
            return seen.put(stream, true) == null;
        }
    }

    private void serve(AgentOrder order, String stream) {
        if (!slots.tryAcquire()) {
            tellEnd(stream, new StreamEnded(null, "this machine relays " + AT_ONCE + " streams already"));
            return;
        }
        try (ContainerStream container = open(order)) {
            open.put(stream, container);
            Thread input = Thread.ofVirtual().name("input-" + stream).start(() -> input(stream, container));
            output(leaseOf(order), stream, container);
            input.interrupt();
            tellEnd(stream, new StreamEnded(container.exitCode(), null));
        } catch (IOException | RuntimeException broken) {
            LOG.info("stream {} broke: {}", stream, Trouble.text(broken));
            tellEnd(stream, new StreamEnded(null, Trouble.text(broken)));
        } catch (InterruptedException stopping) {
            LOG.debug("stream {} ends with the agent", stream);
        } finally {
            open.remove(stream);
            slots.release();
        }
    }

    private ContainerStream open(AgentOrder order) throws IOException {
        return switch (order) {
            case Execute execute -> engine.execute(execute.lease(), execute.command());
            case Connect connect -> engine.connect(connect.lease(), connect.port());
            case AgentOrder other -> throw new IllegalArgumentException("no stream: " + other);
        };
    }

    private static LeaseId leaseOf(AgentOrder order) {
        return switch (order) {
            case Execute execute -> execute.lease();
            case Connect connect -> connect.lease();
            case AgentOrder other -> throw new IllegalArgumentException("no stream: " + other);
        };
    }

    private void input(String stream, ContainerStream container) {
        long next = 0;
        try {
            while (true) {
                String path = "/agent/v1/streams/" + stream + "/input?offset=" + next;
                StreamInput input = again(() -> http.get(path, StreamInput.class));
                byte[] bytes = Base64.getDecoder().decode(input.base64());
                container.write(bytes);
                next += bytes.length;
                if (input.end()) {
                    container.endInput();
                    return;
                }
            }
        } catch (IOException | RuntimeException broken) {
            LOG.debug("input of stream {} ends: {}", stream, Trouble.text(broken));
            close(stream, container);
        } catch (InterruptedException ended) {
            LOG.debug("stream {} has ended", stream);
        }
    }

    private static void close(String stream, ContainerStream container) {
        try {
            container.close();
        } catch (IOException failed) {
            LOG.debug("stream {} cannot be closed: {}", stream, failed.getMessage());
        }
    }

    private void output(LeaseId lease, String stream, ContainerStream container)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[PIECE_BYTES];
        long next = 0;
        for (int read = container.read(buffer); read >= 0; read = container.read(buffer)) {
            long readAt = System.nanoTime();
            for (long end = next + read, begin = next; next < end; ) {
                byte[] piece = Arrays.copyOfRange(buffer, (int) (next - begin), read);
                String path = "/agent/v1/streams/" + stream + "/output?offset=" + next;
                next = again(() -> http.postBytes(path, piece, StreamTaken.class))
                        .nextOffset();
            }
            latencies.took(lease, Duration.ofNanos(System.nanoTime() - readAt));
        }
    }

    private void tellEnd(String stream, StreamEnded end) {
        try {
            again(() -> {
                http.postOnly("/agent/v1/streams/" + stream + "/end", end);
                return end;
            });
        } catch (IOException away) {
            LOG.info("the end of stream {} cannot be told: {}", stream, Trouble.text(away));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** What fails by the network is tried some times; a refusal stands. */
    private static <T> T again(Exchange<T> exchange) throws IOException, InterruptedException {
        Backoff backoff = new Backoff();
        for (int attempt = 1; true; attempt++) {
            try {
                return exchange.send();
            } catch (ServerRefusal refusal) {
                if (refusal.isFinal() || attempt == ATTEMPTS) {
                    throw refusal;
                }
            } catch (IOException away) {
                if (attempt == ATTEMPTS) {
                    throw away;
                }
            }
            backoff.pause();
        }
    }

    @Override
    public void close() {
        open.forEach(StreamRelay::close);
    }
}
