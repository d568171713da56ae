package io.athanor.agent;

import io.athanor.local.TestEngines;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** Stands before the real engine and notes when it was asked and when it began to answer; times are {@link System#nanoTime}. */
final class TimedEngine implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HEAD_BYTES = 200;
    private static final Pattern START = Pattern.compile("POST /containers/[0-9a-f]+/start");

    private final Path engine = Path.of(TestEngines.dockerHost().getPath());
    private final Path folder = Files.createTempDirectory("timed");
    private final Path socket = folder.resolve("s");
    private final ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final List<Call> calls = new ArrayList<>();

    /** @param end when the first byte of the answer came */
    private record Call(String head, long begin, long end) {}

    private record Asked(String head, long begin) {}

    TimedEngine() throws IOException {
        door.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::accept);
    }

    URI host() {
        return URI.create("unix://" + socket);
    }

    /** When the engine was asked to start a container, first after this moment; empty where it was not yet. */
    synchronized OptionalLong startAfter(long nanos) {
        return calls.stream()
                .filter(call ->
                        call.begin() > nanos && START.matcher(call.head()).lookingAt())
                .mapToLong(Call::begin)
                .min();
    }

    /** How long of this span at least one call waited for the engine, in ns. */
    synchronized long waited(long from, long to) {
        long waited = 0;
        long until = from;
        for (Call call :
                calls.stream().sorted(Comparator.comparingLong(Call::begin)).toList()) {
            long begin = Math.max(until, call.begin());
            long end = Math.min(to, call.end());
            if (end > begin) {
                waited += end - begin;
                until = end;
            }
        }
        return waited;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = door.accept();
                SocketChannel behind = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                AtomicReference<Asked> asked = new AtomicReference<>();
                Thread.ofPlatform().daemon().start(() -> pump(client, behind, asked, true));
                Thread.ofPlatform().daemon().start(() -> pump(behind, client, asked, false));
            }
        } catch (IOException closed) {
            System.out.println("the timed engine is closed");
        }
    }

    private void pump(SocketChannel from, SocketChannel to, AtomicReference<Asked> asked, boolean requests) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                if (requests) {
                    asked.compareAndSet(null, new Asked(head(buffer), System.nanoTime()));
                } else {
                    answered(asked.getAndSet(null));
                }
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException closed) {
            answered(asked.getAndSet(null));
        }
    }

    private synchronized void answered(Asked asked) {
        if (asked != null) {
            calls.add(new Call(asked.head(), asked.begin(), System.nanoTime()));
        }
    }

    private static String head(ByteBuffer buffer) {
        byte[] head = new byte[Math.min(buffer.remaining(), HEAD_BYTES)];
        buffer.get(buffer.position(), head);
        return new String(head, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        door.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(folder);
    }
}
