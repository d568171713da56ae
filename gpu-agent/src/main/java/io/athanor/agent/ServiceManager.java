package io.athanor.agent;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the agent is ready, and goes on telling that it works: one datagram each to the socket that {@code
 * NOTIFY_SOCKET} names (sd_notify(3)). Java has no datagrams on Unix sockets, hence the C library's.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int PATH_OFFSET = 2;
    private static final int MAX_PATH_BYTES = 107;
    private static final int MICROS_PER_MILLI = 1000;

    private final byte[] socket;
    private final Optional<Duration> watchdog;

    private ServiceManager(byte[] socket, Optional<Duration> watchdog) {
        this.socket = socket;
        this.watchdog = watchdog;
    }

    /** The service manager that started this process, if one did. */
    static Optional<ServiceManager> of(Map<String, String> environment) {
        byte[] socket = environment.getOrDefault("NOTIFY_SOCKET", "").getBytes(StandardCharsets.UTF_8);
        if (socket.length == 0 || socket.length > MAX_PATH_BYTES) {
            return Optional.empty();
        }
        Optional<Duration> watchdog = Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .map(micros -> Duration.ofMillis(Long.parseLong(micros) / MICROS_PER_MILLI));
        return Optional.of(new ServiceManager(socket, watchdog));
    }

    /** Says that start-up is over. */
    void ready() {
        send("READY=1");
    }

    /** Says three times a watchdog's period that the agent works, as long as it does; until it is interrupted. */
    void watch(BooleanSupplier works) {
        if (watchdog.isEmpty()) {
            return;
        }
        try {
            while (true) {
                if (works.getAsBoolean()) {
                    send("WATCHDOG=1");
                } else {
                    LOG.error("the agent makes no progress; the service manager will start it again");
                }
                Thread.sleep(watchdog.get().dividedBy(3));
            }
        } catch (InterruptedException stopping) {
            LOG.debug("the watchdog is left alone");
        }
    }

    private void send(String state) {
        try (Arena arena = Arena.ofConfined()) {
            sendDatagram(arena, state.getBytes(StandardCharsets.UTF_8));
        } catch (Throwable broken) {
            throw new IllegalStateException("the C library's sockets cannot be called", broken);
        }
    }

    private void sendDatagram(Arena arena, byte[] state) throws Throwable {
        int descriptor = (int) Calls.SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, state);
        long sent = (long) Calls.SENDTO.invokeExact(
                descriptor, text, (long) state.length, MSG_NOSIGNAL, address(arena), PATH_OFFSET + socket.length);
        int closed = (int) Calls.CLOSE.invokeExact(descriptor);
        if (sent != state.length || closed != 0) {
            LOG.warn("the service manager at {} does not take messages", new String(socket, StandardCharsets.UTF_8));
        }
    }

    /** A sockaddr_un; a name that begins with @ lies in the abstract name space, where that byte is 0. */
    private MemorySegment address(Arena arena) {
        MemorySegment address = arena.allocate(PATH_OFFSET + MAX_PATH_BYTES + 1, Short.BYTES);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(socket, 0, address, ValueLayout.JAVA_BYTE, PATH_OFFSET, socket.length);
        if (socket[0] == '@') {
            address.set(ValueLayout.JAVA_BYTE, PATH_OFFSET, (byte) 0);
        }
        return address;
    }

    /** The three functions, looked up where a service manager is to be told. */
    @SuppressWarnings("restricted")
    private static final class Calls {
        static final MethodHandle SOCKET = find(
                "socket",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        static final MethodHandle SENDTO = find(
                "sendto",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT));
        static final MethodHandle CLOSE =
                find("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private static MethodHandle find(String name, FunctionDescriptor signature) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
        }
    }
}
