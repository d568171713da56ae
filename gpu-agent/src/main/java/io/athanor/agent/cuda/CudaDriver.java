package io.athanor.agent.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/**
 * NVIDIA's CUDA driver by Java's foreign-function interface. A call that the driver refuses throws
 * {@link IllegalStateException} with its name and CUresult. Contexts belong to threads of the operating system.
 */
@SuppressWarnings("restricted")
final class CudaDriver {
    private static final int SUCCESS = 0;

    private final SymbolLookup symbols;
    private final Map<CudaCall, MethodHandle> linked = new EnumMap<>(CudaCall.class);

    /** @throws IllegalStateException where the library is not installed or refuses to start */
    CudaDriver(String library) {
        try {
            // The driver has threads of its own and is never unloaded.
            symbols = SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException notInstalled) {
            throw new IllegalStateException(
                    "there is no " + library + ": NVIDIA's driver is installed without CUDA", notInstalled);
        }
        call(CudaCall.INIT, 0);
    }

    void call(CudaCall function, Object... arguments) {
        int code;
        try {
            code = (int) handle(function).invokeWithArguments(arguments);
        } catch (Throwable broken) {
            throw new IllegalStateException("calling " + function.symbol + " failed", broken);
        }
        if (code != SUCCESS) {
            throw new IllegalStateException(function.symbol + " answers CUDA error " + code);
        }
    }

    private synchronized MethodHandle handle(CudaCall function) {
        return linked.computeIfAbsent(
                function,
                missing -> Linker.nativeLinker()
                        .downcallHandle(
                                symbols.find(missing.symbol)
                                        .orElseThrow(
                                                () -> new IllegalStateException("the driver lacks " + missing.symbol)),
                                missing.descriptor));
    }

    /** What a function leaves at its first argument, a pointer. */
    MemorySegment pointer(CudaCall function, Object... arguments) {
        return MemorySegment.ofAddress(number(function, arguments));
    }

    /** What a function leaves at its first argument, 64 bits. */
    long number(CudaCall function, Object... arguments) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(JAVA_LONG);
            call(function, first(out, arguments));
            return out.get(JAVA_LONG, 0);
        }
    }

    private static Object[] first(MemorySegment out, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = out;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return all;
    }

    /**
     * The device with this UUID, as the driver numbers it.
     *
     * @throws IllegalStateException where CUDA does not see it
     */
    int device(String uuid) {
        int count = (int) number(CudaCall.COUNT);
        for (int i = 0; i < count; i++) {
            int device = (int) number(CudaCall.DEVICE, i);
            if (uuid.equals("GPU-" + uuidOf(device))) {
                return device;
            }
        }
        throw new IllegalStateException("CUDA does not see GPU " + uuid);
    }

    /**
     * The one device of a process that is shown no more.
     *
     * @throws IllegalStateException where CUDA shows none or several
     */
    int only() {
        int count = (int) number(CudaCall.COUNT);
        if (count != 1) {
            throw new IllegalStateException("CUDA shows " + count + " devices instead of one");
        }
        return (int) number(CudaCall.DEVICE, 0);
    }

    private UUID uuidOf(int device) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment out = scratch.allocate(2 * Long.BYTES);
            call(CudaCall.UUID, out, device);
            ByteBuffer bytes = out.asByteBuffer();
            return new UUID(bytes.getLong(), bytes.getLong());
        }
    }

    /** Starts a kernel over so many threads in blocks; every argument is an Integer or a Long. */
    void launch(MemorySegment function, int threads, int block, Object... arguments) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment pointers = scratch.allocate(ADDRESS, arguments.length);
            for (int i = 0; i < arguments.length; i++) {
                pointers.setAtIndex(ADDRESS, i, cell(scratch, arguments[i]));
            }
            int blocks = Math.ceilDiv(threads, block);
            call(
                    CudaCall.LAUNCH,
                    function,
                    blocks,
                    1,
                    1,
                    block,
                    1,
                    1,
                    0,
                    MemorySegment.NULL,
                    pointers,
                    MemorySegment.NULL);
        }
    }

    private static MemorySegment cell(Arena scratch, Object argument) {
        return argument instanceof Integer number
                ? scratch.allocateFrom(JAVA_INT, number)
                : scratch.allocateFrom(JAVA_LONG, (Long) argument);
    }
}
