package io.athanor.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.domain.wire.AgentProtocol.GpuHealth;
import io.athanor.domain.wire.AgentProtocol.LeaseState;
import io.athanor.domain.wire.AgentProtocol.LeaseUsage;
import io.athanor.domain.wire.AgentProtocol.StreamQuality;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Metrics in Prometheus' text form and the status as JSON, on loopback only. The port is kept in the data folder. */
final class AgentMetrics implements AutoCloseable {
    static final String PORT_FILE = "metrics.port";

    private final HttpServer server;
    private final Agent agent;

    /** What {@code athanor-agent status} shows. */
    record Status(
            String machine,
            long pid,
            boolean engineUp,
            String engineVersion,
            boolean draining,
            boolean simulatedGpus,
            long diskFreeMib,
            List<GpuHealth> gpus,
            List<LeaseState> leases) {}

    AgentMetrics(int port, Agent agent) throws IOException {
        this.agent = agent;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/metrics", exchange -> answer(exchange, "text/plain; version=0.0.4", prometheus()));
        server.createContext("/status", exchange -> answer(exchange, "application/json", Json.text(status())));
    }

    void start() {
        server.start();
        try {
            Files.writeString(
                    portFile(agent.data()), Integer.toString(server.getAddress().getPort()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Path portFile(Path data) {
        return data.resolve(PORT_FILE);
    }

    private static void answer(HttpExchange exchange, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Status status() {
        Health.Seen seen = agent.seen();
        return new Status(
                agent.identity().machine().toString(),
                ProcessHandle.current().pid(),
                seen.engineUp(),
                seen.engineVersion(),
                agent.work().draining(),
                agent.simulated(),
                seen.diskFreeMib(),
                seen.gpus(),
                agent.work().states());
    }

    private String prometheus() {
        Health.Seen seen = agent.seen();
        StringBuilder text = new StringBuilder();
        line(text, "athanor_agent_engine_up", "", seen.engineUp() ? 1 : 0);
        line(text, "athanor_agent_draining", "", agent.work().draining() ? 1 : 0);
        line(text, "athanor_agent_disk_free_mib", "", seen.diskFreeMib());
        for (GpuHealth gpu : seen.gpus()) {
            String label = "{gpu=\"" + gpu.uuid() + "\",simulated=\"" + agent.simulated() + "\"}";
            line(text, "athanor_gpu_healthy", label, gpu.healthy() ? 1 : 0);
            line(text, "athanor_gpu_utilisation_percent", label, gpu.utilisation());
            line(text, "athanor_gpu_temperature_celsius", label, gpu.temperature());
            line(text, "athanor_gpu_power_watts", label, gpu.powerWatts());
        }
        for (LeaseState lease : agent.work().states()) {
            line(text, "athanor_lease", "{lease=\"" + lease.lease() + "\",state=\"" + lease.state() + "\"}", 1);
            if (lease.usage() != null) {
                usage(text, "{lease=\"" + lease.lease() + "\"}", lease.usage());
            }
        }
        return text.toString();
    }

    private static void usage(StringBuilder text, String label, LeaseUsage usage) {
        line(text, "athanor_lease_cpu_milliseconds_total", label, usage.cpuMillis());
        line(text, "athanor_lease_memory_bytes", label, usage.memoryBytes());
        line(text, "athanor_lease_processes", label, usage.processes());
        line(text, "athanor_lease_network_received_bytes_total", label, usage.receivedBytes());
        line(text, "athanor_lease_network_sent_bytes_total", label, usage.sentBytes());
        line(text, "athanor_lease_gpu_percent", label, usage.gpuPercent());
        line(text, "athanor_lease_gpu_memory_mib", label, usage.gpuMemoryMib());
        StreamQuality streams = usage.streams();
        if (streams != null) {
            line(text, "athanor_lease_stream_pieces_total", label, streams.pieces());
            line(text, "athanor_lease_stream_latency_median_microseconds", label, streams.medianMicros());
            line(text, "athanor_lease_stream_latency_p99_microseconds", label, streams.p99Micros());
        }
    }

    private static void line(StringBuilder text, String name, String labels, long value) {
        text.append(name).append(labels).append(' ').append(value).append('\n');
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
