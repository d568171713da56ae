package io.athanor.agent;

import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.EngineUnavailable;
import io.athanor.agent.nvml.GpuInventory;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.agent.server.LineSpeed;
import io.athanor.agent.server.RequestSigner;
import io.athanor.agent.server.ServerClock;
import io.athanor.agent.server.ServerRefusal;
import io.athanor.agent.server.SignedHttp;
import io.athanor.agent.server.Trouble;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for what would keep an agent from working, and says what to do about it. Changes nothing but the data folder. */
public final class Doctor {
    private static final long MIN_FREE_GIB = 10;
    private static final long BYTES_PER_GIB = 1L << 30;
    private static final Pattern MAJOR_MINOR = Pattern.compile("(\\d+)\\.(\\d+)");
    private static final int MINORS = 100;
    private static final int OLDEST_ENGINE = 20 * MINORS + 10;
    private static final long MIN_WRITE_MB = 100;
    private static final long MAX_SYNC_MICROS = 20_000;
    private static final long MIN_DOWN_MBIT = 100;
    private static final long MIN_UP_MBIT = 50;
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final Duration MAX_SKEW = Duration.ofSeconds(30);

    private Doctor() {}

    /** One thing that was looked at, with the remedy where it is not well. */
    public record Finding(boolean well, String text) {}

    /** One look at the machine; what it throws is a finding too. */
    private interface Look {
        Finding look() throws IOException, InterruptedException;
    }

    /** All findings, in the order in which they matter; a look that fails does not keep the others from being made. */
    public static List<Finding> examine(AgentSettings settings) {
        List<Finding> findings = new ArrayList<>();
        try {
            Identity identity = Identity.of(settings.data());
            findings.add(new Finding(true, "machine " + identity.machine() + ", device key " + identity.agentKey()));
            findings.add(tried("the free disk", () -> disk(settings)));
            findings.add(tried("the disk's speed", () -> diskSpeed(settings)));
            findings.add(cgroups());
            engine(settings, identity, findings);
            gpus(settings, identity, findings);
            Finding server = tried("the server", () -> server(settings));
            findings.add(server);
            if (server.well()) {
                findings.add(tried("the line to the server", () -> line(settings, identity)));
            }
        } catch (IOException failed) {
            findings.add(new Finding(
                    false,
                    "this machine's identity in " + settings.data() + " cannot be read: " + Trouble.text(failed)
                            + "; run it as root or as the agent's user"));
        }
        return findings;
    }

    private static Finding tried(String what, Look look) {
        try {
            return look.look();
        } catch (IOException failed) {
            return new Finding(false, what + " cannot be looked at: " + Trouble.text(failed));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Finding(false, what + ": interrupted");
        }
    }

    private static Finding disk(AgentSettings settings) {
        long free = settings.data().toFile().getUsableSpace() / BYTES_PER_GIB;
        return new Finding(
                free >= MIN_FREE_GIB,
                free + " GiB free in " + settings.data()
                        + (free >= MIN_FREE_GIB ? "" : "; free at least " + MIN_FREE_GIB));
    }

    private static Finding diskSpeed(AgentSettings settings) throws IOException {
        DiskSpeed speed = DiskSpeed.measure(settings.data());
        boolean well = speed.writeMbPerSecond() >= MIN_WRITE_MB && speed.syncMicros() <= MAX_SYNC_MICROS;
        return new Finding(
                well,
                "the disk takes " + speed.writeMbPerSecond() + " MB/s, and a forced write " + speed.syncMicros() + " us"
                        + (well ? "" : "; jobs wait for it: put the data folder on an SSD"));
    }

    /** What the network asks of a machine at the edge; in a data centre it is ten times that. */
    private static Finding line(AgentSettings settings, Identity identity) throws InterruptedException {
        try (SignedHttp http = new SignedHttp(
                settings.server(), RequestSigner.device(identity.machine(), identity.key()), new ServerClock())) {
            LineSpeed speed = LineSpeed.measure(http);
            boolean well = speed.downMbit() >= MIN_DOWN_MBIT && speed.upMbit() >= MIN_UP_MBIT;
            return new Finding(
                    well,
                    "the line to the server: " + speed.downMbit() + " Mbit/s down, " + speed.upMbit() + " up"
                            + (well ? "" : "; at least " + MIN_DOWN_MBIT + " and " + MIN_UP_MBIT + " are asked for"));
        } catch (ServerRefusal refusal) {
            return new Finding(
                    true, "the line is measured once this machine is enrolled (" + refusal.getMessage() + ")");
        } catch (IOException away) {
            return new Finding(false, "the line to the server breaks: " + Trouble.text(away));
        }
    }

    private static void engine(AgentSettings settings, Identity identity, List<Finding> findings) throws IOException {
        try (DockerEngine engine = Agent.connect(settings, identity)) {
            DockerEngine.Facts facts = engine.facts();
            findings.add(version(settings.dockerHost(), facts.version()));
            egress(settings, engine).ifPresent(findings::add);
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

    static Finding version(String host, String engine) {
        Matcher version = MAJOR_MINOR.matcher(engine);
        boolean well = version.lookingAt()
                && Integer.parseInt(version.group(1)) * MINORS + Integer.parseInt(version.group(2)) >= OLDEST_ENGINE;
        return new Finding(
                well, "container engine " + engine + " at " + host + (well ? "" : "; install 20.10 or later"));
    }

    private static Optional<Finding> egress(AgentSettings settings, DockerEngine engine) {
        String network = settings.egressNetwork();
        if (network == null) {
            return Optional.empty();
        }
        boolean there = engine.hasNetwork(network);
        return Optional.of(new Finding(
                there,
                there
                        ? "jobs may reach the internet through the network " + network
                        : "the engine has no network " + network
                                + "; see the provider's guide, or leave --egress-network" + " out"));
    }

    /** Memory and CPU limits of jobs need version 2, or version 1 with its memory controller. */
    private static Finding cgroups() {
        boolean second = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
        boolean first = Files.exists(Path.of("/sys/fs/cgroup/memory"));
        return new Finding(
                second || first,
                second
                        ? "control groups, version 2"
                        : first
                                ? "control groups, version 1"
                                : "no control groups with a memory controller: jobs cannot be limited");
    }

    /** A split card lends its instances, if it has any. */
    private static void instances(List<GpuInventory> gpus, GpuInventory card, List<Finding> findings) {
        if (card.isSplit()) {
            long lent =
                    gpus.stream().filter(gpu -> card.uuid().equals(gpu.card())).count();
            findings.add(new Finding(
                    lent > 0,
                    "GPU " + card.uuid() + " is in MIG mode: "
                            + (lent > 0
                                    ? "its " + lent + " instances are lent, it is not"
                                    : "it has no instance to lend; make some with nvidia-smi mig -cgi PROFILE -C, or turn"
                                            + " it off with nvidia-smi -mig 0")));
        }
    }

    private static void gpus(AgentSettings settings, Identity identity, List<Finding> findings) {
        try (GpuSource source = settings.gpus(identity)) {
            Agent.toolkitProblem(source).ifPresent(problem -> findings.add(new Finding(false, problem)));
            List<GpuInventory> gpus = source.inventory();
            if (gpus.isEmpty()) {
                findings.add(new Finding(
                        false, "no GPU: install NVIDIA's driver, or use --simulated-gpus on a development network"));
            }
            gpus.forEach(gpu -> findings.add(new Finding(
                    true,
                    (gpu.simulated() ? "SIMULATED GPU " : "GPU ") + gpu.uuid() + " " + gpu.name() + " "
                            + gpu.memoryMiB() + " MiB")));
            gpus.forEach(gpu -> instances(gpus, gpu, findings));
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
            return new Finding(
                    false,
                    "server " + server + " does not answer: " + Trouble.text(SignedHttp.explained(away))
                            + "; set --server");
        }
    }
}
