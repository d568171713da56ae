package io.athanor.agent.server;

import io.athanor.agent.nvml.CapacityCard;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.attestation.CapacityProof;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.wire.AgentProtocol.CapacityAnswer;
import io.athanor.domain.wire.AgentProtocol.CapacityDraw;
import io.athanor.domain.wire.AgentProtocol.CapacityOpening;
import io.athanor.domain.wire.AgentProtocol.CapacityResult;
import io.athanor.domain.wire.AgentProtocol.CapacityRoot;
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

/**
 * Runs a checker's capacity test on all its GPUs at once, signs the roots of what they computed with the device key, and then
 * opens what the checker draws.
 */
final class CapacityBench {
    private final MachineId machine;
    private final Ed25519.KeyPair key;
    private final Function<String, Optional<CapacityCard>> cards;

    CapacityBench(MachineId machine, Ed25519.KeyPair key, Function<String, Optional<CapacityCard>> cards) {
        this.machine = machine;
        this.key = key;
        this.cards = cards;
    }

    /** What was computed for a test; the answer is sent first. */
    record Computed(CapacityTest test, List<CapacityProof> proofs, CapacityAnswer answer) {
        Computed {
            proofs = List.copyOf(proofs);
        }
    }

    /** Error: IOException where a GPU is not this machine's, works for a job, or fails. */
    Computed run(CapacityTest test, String nonce) throws IOException, InterruptedException {
        if (test.work().size() > Limits.GPUS_PER_MACHINE) {
            throw new IOException("a capacity test of " + test.work().size() + " GPUs");
        }
        List<CapacityProof> proofs = new ArrayList<>();
        try (ExecutorService atOnce = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CapacityProof>> running = new ArrayList<>();
            for (CapacityWork work : test.work()) {
                CapacityCard card = cards.apply(work.gpu())
                        .orElseThrow(() -> new IOException("GPU " + work.gpu() + " is not here, or works for a job"));
                running.add(atOnce.submit(() -> CapacityProof.over(work, card.compute(work))));
            }
            for (Future<CapacityProof> proof : running) {
                proofs.add(proof.get());
            }
        } catch (ExecutionException failed) {
            throw new IOException("the capacity test failed: " + failed.getCause(), failed);
        }
        return new Computed(test, proofs, answer(test, proofs, nonce));
    }

    private CapacityAnswer answer(CapacityTest test, List<CapacityProof> proofs, String nonce) {
        List<CapacityRoot> roots = new ArrayList<>();
        for (int i = 0; i < proofs.size(); i++) {
            roots.add(new CapacityRoot(test.work().get(i).gpu(), proofs.get(i).root()));
        }
        CapacityAnswer unsigned = new CapacityAnswer(machine, nonce, test.digest(), roots, "");
        return new CapacityAnswer(machine, nonce, test.digest(), roots, signature(unsigned.signed()));
    }

    /** Error: IOException where the checker draws by another secret than the test was committed to. */
    CapacityOpening open(Computed computed, CapacityDraw draw) throws IOException {
        Hash32 secret = draw.secret();
        if (!CapacityProof.commitment(secret).equals(computed.test().draw())) {
            throw new IOException("the checker draws by another secret than it had chosen before");
        }
        List<CapacityResult> results = new ArrayList<>();
        for (int i = 0; i < computed.proofs().size(); i++) {
            String gpu = computed.test().work().get(i).gpu();
            results.add(
                    new CapacityResult(gpu, Hex.encode(computed.proofs().get(i).open(secret))));
        }
        CapacityOpening unsigned =
                new CapacityOpening(machine, computed.answer().nonce(), secret, results, "");
        return new CapacityOpening(machine, unsigned.nonce(), secret, results, signature(unsigned.signed()));
    }

    private String signature(String text) {
        return Hex.encode(Ed25519.sign(key, text.getBytes(StandardCharsets.UTF_8)));
    }
}
