package io.athanor.local.bench;

import io.athanor.codec.Json;
import io.athanor.local.bench.peers.LoadProgram.Certified;
import io.athanor.local.bench.peers.Phase;
import io.athanor.local.bench.peers.PhaseResult;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Tells the load program what to do. */
final class LoadClient {
    private static final Duration LONGEST_PHASE = Duration.ofMinutes(30);
    private static final Duration CERTIFIED_WITHIN = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final BenchNetwork network;

    LoadClient(BenchNetwork network) {
        this.network = network;
    }

    void awaitCertified(int machines) {
        boolean all = Waiting.until(CERTIFIED_WITHIN, POLL, () -> certified() >= machines);
        if (!all) {
            throw new EngineFailure(
                    certified() + " of " + machines + " simulated machines were certified in time.",
                    "See the logs of node and simulated-checkers.");
        }
    }

    private int certified() {
        HttpRequest request =
                HttpRequest.newBuilder(network.loadDoor("/certified")).GET().build();
        return Json.read(send(request), Certified.class).machines();
    }

    PhaseResult run(Phase phase) {
        URI door = network.loadDoor("/phase");
        HttpRequest request = HttpRequest.newBuilder(door)
                .timeout(LONGEST_PHASE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(phase)))
                .build();
        return Json.read(send(request), PhaseResult.class);
    }

    private byte[] send(HttpRequest request) {
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != OK) {
                throw failure(request, "answered " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException failed) {
            throw failure(request, "got no answer: " + failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure(request, "was interrupted");
        }
    }

    private static EngineFailure failure(HttpRequest request, String what) {
        return new EngineFailure(request.uri() + " " + what + ".", "See the log of simulated-load.");
    }
}
