package io.athanor.agent.server;

import io.athanor.agent.nvml.CapacityCard;
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
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Runs a checker's capacity test on all its GPUs at once and signs what they computed with the device key. */
final class CapacityBench {
    private final MachineId machine;
    private final Ed25519.KeyPair key;
    private final Function<String, Optional<CapacityCard>> cards;

    CapacityBench(MachineId machine, Ed25519.KeyPair key, Function<String, Optional<CapacityCard>> cards) {
        this.machine = machine;
        this.key = key;
        this.cards = cards;
    }

    /** Error: IOException where a GPU is not this machine's, works for a job, or fails. */
    CapacityAnswer run(CapacityTest test, String nonce) throws IOException, InterruptedException {
        if (test.work().size() > Limits.GPUS_PER_MACHINE) {
            throw new IOException("a capacity test of " + test.work().size() + " GPUs");
        }
        List<CapacityResult> results = new ArrayList<>();
        try (ExecutorService atOnce = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CapacityResult>> running = new ArrayList<>();
            for (CapacityWork work : test.work()) {
                CapacityCard card = cards.apply(work.gpu())
                        .orElseThrow(() -> new IOException("GPU " + work.gpu() + " is not here, or works for a job"));
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
