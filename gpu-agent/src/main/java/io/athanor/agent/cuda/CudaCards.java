package io.athanor.agent.cuda;

import io.athanor.domain.attestation.CapacityWork;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Computes capacity tests on the GPUs of this machine, several at once. The driver's library is loaded by the first test,
 * since a machine that is never asked needs none of its memory.
 */
public final class CudaCards {
    /** The name that the dynamic loader knows on every Linux with the driver. */
    public static final String LIBRARY = "libcuda.so.1";

    private final String library;
    private final Map<String, CudaCard> cards = new HashMap<>();
    private @Nullable CudaDriver driver;

    public CudaCards(String library) {
        this.library = library;
    }

    /**
     * All lanes of a test, when this card has computed them.
     *
     * @throws IllegalStateException where the driver refuses, as for a card whose memory is in use
     */
    public byte[] compute(String uuid, CapacityWork work) throws InterruptedException {
        CudaCard card = card(uuid);
        // A context belongs to a thread of the operating system, which a virtual thread may change.
        FutureTask<byte[]> test = new FutureTask<>(() -> CapacityWork.bytes(card.lanes(work)));
        Thread.ofPlatform().name("capacity-" + uuid).daemon().start(test);
        try {
            return test.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("GPU " + uuid + ": " + failed.getCause(), failed);
        }
    }

    private synchronized CudaCard card(String uuid) {
        CudaDriver loaded = driver == null ? new CudaDriver(library) : driver;
        driver = loaded;
        return cards.computeIfAbsent(uuid, known -> new CudaCard(loaded, loaded.device(known)));
    }
}
