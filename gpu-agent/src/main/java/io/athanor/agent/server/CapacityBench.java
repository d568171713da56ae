package io.athanor.agent.server;

import io.athanor.agent.nvml.CapacityCard;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.CapacityAnswer;
import io.athanor.domain.wire.AgentProtocol.CapacityResult;
import io.athanor.domain.wire.AgentProtocol.CapacityTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs a checker's capacity test on all its GPUs at once and signs what they computed with the device key. */
final class CapacityBench {
    private final MachineId machine;
    private final Ed25519.KeyPair key;
    private final GpuSource gpus;

    CapacityBench(MachineId machine, Ed25519.KeyPair key, GpuSource gpus) {
        this.machine = machine;
        this.key = key;
        this.gpus = gpus;
    }

    /** Error: IOException where a GPU is not this machine's or has no kernel. */
    CapacityAnswer run(CapacityTest test, String nonce) throws IOException, InterruptedException {
        if (test.work().size() > Limits.GPUS_PER_MACHINE) {
            throw new IOException("a capacity test of " + test.work().size() + " GPUs");
        }
        List<CapacityResult> results = new ArrayList<>();
        try (ExecutorService atOnce = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CapacityResult>> running = new ArrayList<>();
            for (CapacityWork work : test.work()) {
                CapacityCard card = gpus.card(work.gpu())
                        .orElseThrow(() -> new IOException("GPU " + work.gpu() + " has no capacity kernel here"));
                running.add(atOnce.submit(() -> new CapacityResult(work.gpu(), Hex.encode(card.compute(work)))));
            }
            for (Future<CapacityResult> result : running) {
                results.add(result.get());
            }
        } catch (ExecutionException failed) {
            throw new IOException("the capacity test failed: " + failed.getCause(), failed);
        }
        return sign(new CapacityAnswer(machine, nonce, results, ""));
    }

    private CapacityAnswer sign(CapacityAnswer unsigned) {
        byte[] signature = Ed25519.sign(key, unsigned.signed().getBytes(StandardCharsets.UTF_8));
        return new CapacityAnswer(machine, unsigned.nonce(), unsigned.results(), Hex.encode(signature));
    }
}
