package io.athanor.local.bench.peers;

import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.JobSpec.GpuDemand;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.local.devnet.DevWallet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Submits the jobs of several simulated clients in turn: each one signed with its client's key and sent by REST. */
public final class SimulatedClients {
    private static final String IMAGE = "127.0.0.1:5000/simulated@sha256:" + "5".repeat(64);
    private static final Ath PRICE = Ath.parse("2000000000000000");
    private static final Ath CAP_OF_TASK = Ath.parse("10000000000000000");
    private static final long MAX_DURATION_MILLIS = 60_000;
    private static final int REQUESTS_AT_ONCE = 32;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 2;

    /** The first of the public development wallets that tests may use. */
    private static final int FIRST_WALLET = 12;

    private static final int CLIENTS = 8;

    private final URI jobs;
    private final List<DevWallet> clients = wallets(wallet -> wallet);
    private final SigningDomain domain;
    private final Tasks tasks;

    private record Order(JobId jobId, JobSpec spec, Authorization authorization) {}

    SimulatedClients(URI server, SigningDomain domain, Tasks tasks) {
        this.jobs = server.resolve("/v1/jobs");
        this.domain = domain;
        this.tasks = tasks;
    }

    /** Whose money the jobs spend. */
    public static List<Wallet> wallets() {
        return wallets(DevWallet::wallet);
    }

    private static <T> List<T> wallets(Function<DevWallet, T> part) {
        return IntStream.range(0, CLIENTS)
                .mapToObj(i -> part.apply(DevWallet.number(FIRST_WALLET + i)))
                .toList();
    }

    /** Runs a phase to the last end. */
    PhaseResult run(Phase phase) throws InterruptedException {
        tasks.begin(Math.max(phase.inFlight(), phase.array()));
        int failuresBefore = tasks.failures();
        long begin = System.nanoTime();
        Semaphore requests = new Semaphore(REQUESTS_AT_ONCE);
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int left = phase.tasks(); left > 0; left -= phase.array()) {
                int size = Math.min(left, phase.array());
                JobId job = new JobId(DevWallet.freshId());
                requests.acquire();
                tasks.submitting(job, size);
                senders.execute(() -> {
                    try {
                        submit(job, size);
                    } finally {
                        requests.release();
                    }
                });
            }
        }
        while (tasks.ended() + tasks.declined() < phase.tasks() && tasks.failures() == failuresBefore) {
            Thread.sleep(POLL_MILLIS);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new PhaseResult(
                tasks.ended(), tasks.declined(), seconds, tasks.latency(), tasks.failures(), tasks.newestFailure());
    }

    private void submit(JobId job, int size) {
        JobSpec spec = spec(size);
        DevWallet client = clients.get(Math.floorMod(job.hashCode(), clients.size()));
        Authorization by = client.authorize(
                domain,
                (id, until) -> TypedCommands.submitJob(
                        job, client.wallet(), Json.digest(spec), size, spec.maxPrice(), spec.cap(), id, until));
        try {
            PeerHttp.answer(HttpRequest.newBuilder(jobs)
                    .timeout(LIMIT)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(new Order(job, spec, by))))
                    .build());
        } catch (IOException refused) {
            tasks.failed("submission: " + refused.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static JobSpec spec(int size) {
        return new JobSpec(
                "bench",
                IMAGE,
                List.of("/bin/true"),
                Map.of(),
                size,
                new GpuDemand(1, null, 8_192, true),
                1_000,
                256,
                MAX_DURATION_MILLIS,
                PRICE,
                CAP_OF_TASK.times(size),
                Map.of(),
                JobSpec.Network.NONE,
                Set.of());
    }
}
