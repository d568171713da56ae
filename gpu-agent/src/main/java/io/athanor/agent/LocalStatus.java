package io.athanor.agent;

import io.athanor.codec.Json;
import io.athanor.domain.machine.Maintenance;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Asks the agent of a data folder, over loopback. */
public final class LocalStatus {
    private static final Duration TIME = Duration.ofSeconds(5);

    private LocalStatus() {}

    /** The status as JSON; an {@link IOException} says that no agent runs there. */
    public static String read(Path data) throws IOException, InterruptedException {
        Path port = AgentMetrics.portFile(data);
        if (!Files.exists(port)) {
            throw new IOException("no agent has run with the data folder " + data);
        }
        URI uri = URI.create("http://127.0.0.1:" + Files.readString(port).strip() + "/status");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).timeout(TIME).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (ConnectException stopped) {
            throw new IOException("no agent runs with the data folder " + data, stopped);
        }
    }

    /** No lease is left, and a wish for no new work that is due has reached the agent, so that none comes after this look. */
    private static boolean isIdle(Path data) throws IOException, InterruptedException {
        AgentMetrics.Status status = Json.read(read(data), AgentMetrics.Status.class);
        boolean due =
                DrainWish.read(data).filter(wish -> wish.closes(Instant.now())).isPresent();
        return status.leases().isEmpty() && (status.draining() || !due);
    }

    /**
     * Asks the agent of a data folder to take no new work for a time, or to take it again.
     *
     * @param from null for at once
     * @param until null until it is asked to take work again
     */
    public static void drain(Path data, @Nullable Instant from, @Nullable Instant until) throws IOException {
        DrainWish.write(data, new Maintenance(from == null ? Instant.now() : from, until));
    }

    /** Asks the agent of a data folder to take work. */
    public static void takeWork(Path data) throws IOException {
        DrainWish.write(data, null);
    }

    /** Waits until the agent has no lease left and takes none; false when the time was over first. */
    public static boolean awaitIdle(Path data, Duration wait) throws IOException, InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (!isIdle(data)) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(Duration.ofSeconds(1));
        }
        return true;
    }
}
