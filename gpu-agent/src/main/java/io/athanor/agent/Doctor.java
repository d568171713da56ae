package io.athanor.agent;

import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.EngineUnavailable;
import io.athanor.agent.nvml.GpuInventory;
import io.athanor.agent.nvml.GpuSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Looks for what would keep an agent from working, and says what to do about it. Changes nothing but the data folder. */
public final class Doctor {
    private static final long MIN_FREE_GIB = 10;
    private static final long BYTES_PER_GIB = 1L << 30;
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final Duration MAX_SKEW = Duration.ofSeconds(30);

    private Doctor() {}

    /** One thing that was looked at, with the remedy where it is not well. */
    public record Finding(boolean well, String text) {}

    /** All findings, in the order in which they matter. */
    public static List<Finding> examine(AgentSettings settings) {
        List<Finding> findings = new ArrayList<>();
        try {
            Identity identity = Identity.of(settings.data());
            findings.add(new Finding(true, "machine " + identity.machine() + ", device key " + identity.agentKey()));
            findings.add(disk(settings));
            engine(settings, identity, findings);
            gpus(settings, identity, findings);
            findings.add(server(settings));
        } catch (IOException failed) {
            findings.add(new Finding(false, "the data folder cannot be used: " + failed.getMessage()));
        } catch (InterruptedException stopped) {
            findings.add(new Finding(false, "interrupted"));
        }
        return findings;
    }

    private static Finding disk(AgentSettings settings) throws IOException {
        long free = Files.getFileStore(settings.data()).getUsableSpace() / BYTES_PER_GIB;
        return new Finding(
                free >= MIN_FREE_GIB,
                free + " GiB free in " + settings.data()
                        + (free >= MIN_FREE_GIB ? "" : "; free at least " + MIN_FREE_GIB));
    }

    private static void engine(AgentSettings settings, Identity identity, List<Finding> findings) throws IOException {
        try (DockerEngine engine = Agent.connect(settings, identity)) {
            DockerEngine.Facts facts = engine.facts();
            findings.add(new Finding(true, "container engine " + facts.version() + " at " + settings.dockerHost()));
            findings.add(new Finding(
                    facts.liveRestore(),
                    facts.liveRestore()
                            ? "live-restore is on"
                            : "live-restore is off: a restart of the engine ends every job; set \"live-restore\": true in"
                                    + " its daemon.json"));
        } catch (EngineUnavailable away) {
            findings.add(new Finding(
                    false,
                    "no container engine at " + settings.dockerHost() + " (" + away.getMessage()
                            + "); install docker.io, or set --docker-host"));
        }
    }

    private static void gpus(AgentSettings settings, Identity identity, List<Finding> findings) {
        try (GpuSource source = settings.gpus(identity)) {
            List<GpuInventory> gpus = source.inventory();
            if (gpus.isEmpty()) {
                findings.add(new Finding(
                        false, "no GPU: install NVIDIA's driver, or use --simulated-gpus on a development network"));
            }
            gpus.forEach(gpu -> findings.add(new Finding(
                    true,
                    (gpu.simulated() ? "SIMULATED GPU " : "GPU ") + gpu.uuid() + " " + gpu.name() + " "
                            + gpu.memoryMiB() + " MiB")));
        } catch (IllegalStateException | IllegalArgumentException refused) {
            findings.add(new Finding(false, String.valueOf(refused.getMessage())));
        }
    }

    private static Finding server(AgentSettings settings) throws InterruptedException {
        URI server = settings.server();
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIME).build()) {
            HttpResponse<Void> response = http.send(
                    HttpRequest.newBuilder(server.resolve("/")).timeout(TIME).build(),
                    HttpResponse.BodyHandlers.discarding());
            String date = response.headers().firstValue("Date").orElse("");
            Duration ahead = date.isEmpty()
                    ? Duration.ZERO
                    : Duration.between(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)), Instant.now());
            boolean well = ahead.abs().compareTo(MAX_SKEW) <= 0;
            return new Finding(well, "server " + server + " answers; this clock is " + ahead.toSeconds() + " s ahead");
        } catch (IOException away) {
            return new Finding(false, "server " + server + " does not answer: " + away + "; set --server");
        }
    }
}
