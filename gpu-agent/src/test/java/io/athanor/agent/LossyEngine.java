package io.athanor.agent;

import io.athanor.local.TestEngines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Stands before the real engine and loses its answers to some requests, after the engine has done what they ask for. */
final class LossyEngine implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path engine = Path.of(TestEngines.dockerHost().getPath());
    private final Path folder = Files.createTempDirectory("lossy");
    private final Path socket = folder.resolve("s");
    private final ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final Pattern request;
    private final AtomicInteger toLose;

    /** @param request a pattern for the beginning of a request, such as {@code POST /containers/create} */
    LossyEngine(String request, int times) throws IOException {
        this.request = Pattern.compile(request);
        this.toLose = new AtomicInteger(times);
        door.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    URI host() {
        return URI.create("unix://" + socket);
    }

    int stillToLose() {
        return toLose.get();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = door.accept();
                SocketChannel behind = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                AtomicInteger losing = new AtomicInteger();
                Thread.ofVirtual().start(() -> pump(client, behind, losing, true));
                Thread.ofVirtual().start(() -> pump(behind, client, losing, false));
            }
        } catch (IOException closed) {
            // The test is over.
            toLose.set(0);
        }
    }

    private void pump(SocketChannel from, SocketChannel to, AtomicInteger losing, boolean requests) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                if (requests && asksForIt(buffer) && toLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    losing.set(1);
                }
                if (!requests && losing.get() > 0) {
                    close(from, to);
                    return;
                }
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            if (requests) {
                to.shutdownOutput();
            } else {
                close(from, to);
            }
        } catch (IOException closed) {
            close(from, to);
        }
    }

    private static void close(SocketChannel one, SocketChannel other) {
        try {
            one.close();
            other.close();
        } catch (IOException already) {
            throw new UncheckedIOException(already);
        }
    }

    private boolean asksForIt(ByteBuffer buffer) {
        byte[] head = new byte[Math.min(buffer.remaining(), 200)];
        buffer.get(buffer.position(), head);
        return request.matcher(new String(head, StandardCharsets.ISO_8859_1)).lookingAt();
    }

    @Override
    public void close() throws IOException {
        door.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(folder);
    }
}
