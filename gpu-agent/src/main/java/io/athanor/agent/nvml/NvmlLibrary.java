package io.athanor.agent.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The one class that calls native code: {@code libnvidia-ml.so.1} by Java's foreign-function interface. A missing symbol
 * and a card that does not support a query both read as "no value"; so does a GPU that is lost, and the library once it
 * is closed.
 */
@SuppressWarnings("restricted")
final class NvmlLibrary {
    /** NVML's return codes that matter here (nvmlReturn_t). */
    static final int SUCCESS = 0;

    static final int UNINITIALIZED = 1;
    static final int TIMEOUT = 10;
    static final int FUNCTION_NOT_FOUND = 13;

    /** NVML_DEVICE_UUID_V2_BUFFER_SIZE, enough for every text that the library returns. */
    private static final int TEXT_BYTES = 96;

    private final Arena arena = Arena.ofShared();
    private final SymbolLookup symbols;
    private final Map<NvmlCall, MethodHandle> linked = new EnumMap<>(NvmlCall.class);
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    private NvmlLibrary(String library) {
        symbols = SymbolLookup.libraryLookup(library, arena);
    }

    /**
     * Opens and initialises the library.
     *
     * @param library a file name for the dynamic loader, or a path
     * @return empty where the library is not installed
     * @throws IllegalStateException when it is there and refuses to start, with NVML's code
     */
    static Optional<NvmlLibrary> open(String library) {
        NvmlLibrary nvml;
        try {
            nvml = new NvmlLibrary(library);
        } catch (IllegalArgumentException notInstalled) {
            return Optional.empty();
        }
        int code = nvml.call(NvmlCall.INIT);
        if (code != SUCCESS) {
            nvml.arena.close();
            throw new IllegalStateException("NVIDIA's management library is installed but answers " + code
                    + " at its start; is the driver loaded? Run nvidia-smi.");
        }
        return Optional.of(nvml);
    }

    /** Calls a function and returns NVML's code; {@link #FUNCTION_NOT_FOUND} where the driver lacks it. */
    int call(NvmlCall function, Object... arguments) {
        use.readLock().lock();
        try {
            return closed ? UNINITIALIZED : invoke(function, arguments);
        } finally {
            use.readLock().unlock();
        }
    }

    private int invoke(NvmlCall function, Object... arguments) {
        MethodHandle handle = handle(function);
        if (handle == null) {
            return FUNCTION_NOT_FOUND;
        }
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable broken) {
            throw new IllegalStateException("calling " + function.symbol + " failed", broken);
        }
    }

    private synchronized @Nullable MethodHandle handle(NvmlCall function) {
        MethodHandle known = linked.get(function);
        if (known == null) {
            MemorySegment symbol = symbols.find(function.symbol).orElse(null);
            if (symbol == null) {
                return null;
            }
            known = Linker.nativeLinker().downcallHandle(symbol, function.descriptor);
            linked.put(function, known);
        }
        return known;
    }

    /** A text that the system (no device) or a device reports. */
    @Nullable String text(NvmlCall function, @Nullable MemorySegment device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment buffer = scratch.allocate(TEXT_BYTES);
            int code = device == null ? call(function, buffer, TEXT_BYTES) : call(function, device, buffer, TEXT_BYTES);
            return code == SUCCESS ? buffer.getString(0) : null;
        }
    }

    /** An unsigned int that a device reports by its last argument. */
    @Nullable Integer number(NvmlCall function, MemorySegment device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(JAVA_INT);
            return call(function, device, out) == SUCCESS ? out.get(JAVA_INT, 0) : null;
        }
    }

    /** Two unsigned ints, such as a mode that is current and the one that is pending. */
    int @Nullable [] pair(NvmlCall function, MemorySegment device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment first = scratch.allocate(JAVA_INT);
            MemorySegment second = scratch.allocate(JAVA_INT);
            return call(function, device, first, second) == SUCCESS
                    ? new int[] {first.get(JAVA_INT, 0), second.get(JAVA_INT, 0)}
                    : null;
        }
    }

    @Nullable Integer temperature(MemorySegment device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(JAVA_INT);
            int sensorOfTheGpu = 0;
            return call(NvmlCall.TEMPERATURE, device, sensorOfTheGpu, out) == SUCCESS ? out.get(JAVA_INT, 0) : null;
        }
    }

    @Nullable Long uncorrectedEccErrors(MemorySegment device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(JAVA_LONG);
            int uncorrected = 1;
            int sinceDriverLoad = 0;
            return call(NvmlCall.ECC_ERRORS, device, uncorrected, sinceDriverLoad, out) == SUCCESS
                    ? out.get(JAVA_LONG, 0)
                    : null;
        }
    }

    /** A handle returned through a pointer, as by nvmlDeviceGetHandleByIndex_v2; null with a code other than success. */
    @Nullable MemorySegment byIndex(int index) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(ADDRESS);
            return call(NvmlCall.BY_INDEX, index, out) == SUCCESS ? out.get(ADDRESS, 0) : null;
        }
    }

    /** One of a card's MIG instances; null where there is none at this index. */
    @Nullable MemorySegment instance(MemorySegment card, int index) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(ADDRESS);
            return call(NvmlCall.MIG_BY_INDEX, card, index, out) == SUCCESS ? out.get(ADDRESS, 0) : null;
        }
    }

    @Nullable MemorySegment newEventSet() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(ADDRESS);
            return call(NvmlCall.EVENT_SET_CREATE, out) == SUCCESS ? out.get(ADDRESS, 0) : null;
        }
    }

    int count() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(JAVA_INT);
            return call(NvmlCall.COUNT, out) == SUCCESS ? out.get(JAVA_INT, 0) : 0;
        }
    }

    boolean isClosed() {
        use.readLock().lock();
        try {
            return closed;
        } finally {
            use.readLock().unlock();
        }
    }

    /**
     * Waits for the calls that are under way, of which a wait for events is the longest, and unloads the library.
     *
     * @param events freed before, null where there are none
     */
    void close(@Nullable MemorySegment events) {
        use.writeLock().lock();
        try {
            if (events != null) {
                invoke(NvmlCall.EVENT_SET_FREE, events);
            }
            invoke(NvmlCall.SHUTDOWN);
            closed = true;
            arena.close();
        } finally {
            use.writeLock().unlock();
        }
    }
}
