package io.athanor.local.bench.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.athanor.codec.Json;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.local.devnet.DevChain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/**
 * The load program: simulated machines and a simulated client in one process, told by a door on loopback what to do:
 * {@code GET /certified}, {@code POST /phase}.
 */
public final class LoadProgram {
    private static final int OK = 200;
    private static final int FAILED = 500;

    /**
     * What it is started with.
     *
     * @param runMillis how long a simulated container runs
     */
    public record Settings(URI server, Path contracts, int port, int machines, int gpusPerMachine, long runMillis) {}

    /** The answer of {@code GET /certified}. */
    public record Certified(int machines) {}

    private LoadProgram() {}

    /** Runs until it is ended; its one argument is a file with {@link Settings}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Settings settings = Json.read(Files.readAllBytes(Path.of(arguments[0])), Settings.class);
        DevChain.Contracts contracts = Json.read(Files.readAllBytes(settings.contracts()), DevChain.Contracts.class);
        SigningDomain domain = new SigningDomain(contracts.chainId(), contracts.log());
        Tasks tasks = new Tasks();
        SimulatedFleet fleet = new SimulatedFleet(settings.server(), domain);
        fleet.start(settings.machines(), settings.gpusPerMachine(), settings.runMillis(), tasks);
        SimulatedClients client = new SimulatedClients(settings.server(), domain, tasks);
        HttpServer door =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
        door.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        door.createContext("/certified", exchange -> answer(exchange, new Certified(fleet.certified())));
        door.createContext("/phase", exchange -> phase(exchange, client));
        door.start();
        Thread.currentThread().join();
    }

    private static void phase(HttpExchange exchange, SimulatedClients client) throws IOException {
        Phase phase = Json.read(exchange.getRequestBody().readAllBytes(), Phase.class);
        try {
            answer(exchange, client.run(phase));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            exchange.sendResponseHeaders(FAILED, -1);
        }
    }

    private static void answer(HttpExchange exchange, Object body) throws IOException {
        byte[] json = Json.bytes(body);
        exchange.sendResponseHeaders(OK, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }
}
