package io.athanor.agent.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.athanor.domain.attestation.CapacityTable;
import io.athanor.domain.attestation.CapacityWork;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The kernels on one card. What it loads into the card stays for a minute, so that a second test of the same inspection is
 * not held up by it, and then goes: the memory is its owner's jobs'.
 */
final class CudaCard {
    static final String PTX = "capacity.ptx";
    private static final Duration WARM = Duration.ofSeconds(60);
    private static final int WALKING = 128;
    /** Threads that share a block of the table, which takes 32 KiB of what they share. */
    private static final int FILLING = 512;

    private static final int MOST_GROUPS = 1 << 16;

    private final CudaDriver driver;
    private final int device;
    private @Nullable Loaded loaded;
    private long uses;

    private record Loaded(MemorySegment context, MemorySegment module, MemorySegment fill, MemorySegment walk) {}

    CudaCard(CudaDriver driver, int device) {
        this.driver = driver;
        this.device = device;
    }

    /** All lanes of the test, computed by this card; for a thread of the operating system. */
    synchronized long[] lanes(CapacityWork work) {
        if (work.blocks() == 0) {
            throw new IllegalStateException("a test for simulated cards");
        }
        Loaded ready = loaded();
        driver.call(CudaCall.SET_CURRENT, ready.context());
        try {
            return compute(ready, work);
        } finally {
            driver.call(CudaCall.SET_CURRENT, MemorySegment.NULL);
            releaseLater(++uses);
        }
    }

    private long[] compute(Loaded ready, CapacityWork work) {
        long memory = driver.number(CudaCall.ALLOCATE, (long) work.blocks() * CapacityTable.BLOCK_BYTES);
        try {
            long bytes = (long) work.lanes() * Long.BYTES;
            long last = driver.number(CudaCall.ALLOCATE, bytes);
            try {
                compute(ready, work, memory, last);
                return copied(last, bytes);
            } finally {
                driver.call(CudaCall.FREE, last);
            }
        } finally {
            driver.call(CudaCall.FREE, memory);
        }
    }

    /** One after the other, as kernels of one stream run. */
    private void compute(Loaded ready, CapacityWork work, long memory, long last) {
        int groups = Math.min(work.blocks(), MOST_GROUPS);
        driver.launch(ready.fill(), groups * FILLING, FILLING, work.key(), work.blocks(), memory);
        driver.launch(
                ready.walk(),
                work.lanes(),
                WALKING,
                work.key(),
                work.lanes(),
                work.blocks(),
                work.rounds(),
                memory,
                last);
        driver.call(CudaCall.SYNCHRONIZE);
    }

    private long[] copied(long from, long bytes) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment host = scratch.allocate(bytes, Long.BYTES);
            driver.call(CudaCall.COPY_TO_HOST, host, from, bytes);
            return host.toArray(JAVA_LONG);
        }
    }

    private Loaded loaded() {
        if (loaded == null) {
            MemorySegment context = driver.pointer(CudaCall.RETAIN, device);
            driver.call(CudaCall.SET_CURRENT, context);
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment module = driver.pointer(CudaCall.LOAD, scratch.allocateFrom(source(PTX)));
                loaded = new Loaded(
                        context,
                        module,
                        driver.pointer(CudaCall.FUNCTION, module, scratch.allocateFrom("capacity_fill")),
                        driver.pointer(CudaCall.FUNCTION, module, scratch.allocateFrom("capacity_walk")));
            }
        }
        return loaded;
    }

    private void releaseLater(long use) {
        Thread.ofPlatform().name("capacity-release-" + device).daemon().start(() -> {
            try {
                Thread.sleep(WARM);
                release(use);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private synchronized void release(long use) {
        if (use == uses && loaded != null) {
            driver.call(CudaCall.SET_CURRENT, loaded.context());
            driver.call(CudaCall.UNLOAD, loaded.module());
            driver.call(CudaCall.SET_CURRENT, MemorySegment.NULL);
            driver.call(CudaCall.RELEASE, device);
            loaded = null;
        }
    }

    /** A file beside this class. */
    static String source(String name) {
        try (InputStream file = CudaCard.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the agent was built without " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
