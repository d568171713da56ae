package io.athanor.agent.docker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bytes into a running container and out of it. Blocks; may be closed from any thread, which ends the others' waiting. */
public interface ContainerStream extends Closeable {
    /** Some bytes, maybe none yet; -1 at the end. */
    int read(byte[] buffer) throws IOException;

    void write(byte[] bytes) throws IOException;

    /** No more input will come. */
    void endInput() throws IOException;

    /** Of an executed command, once its output has ended. */
    @Nullable Integer exitCode();

    /** A command's standard input, and its two outputs as one. */
    final class OfCommand implements ContainerStream {
        private final EngineStream stream;
        private final OutputFrames frames = new OutputFrames();
        private final Supplier<@Nullable Integer> exitCode;

        OfCommand(EngineStream stream, Supplier<@Nullable Integer> exitCode) {
            this.stream = stream;
            this.exitCode = exitCode;
        }

        @Override
        public int read(byte[] buffer) throws IOException {
            int read = stream.read(buffer, 0, buffer.length);
            return read < 0 ? read : frames.unframe(buffer, read);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            stream.write(ByteBuffer.wrap(bytes));
        }

        @Override
        public void endInput() throws IOException {
            stream.endInput();
        }

        @Override
        public @Nullable Integer exitCode() {
            return exitCode.get();
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /** A TCP connection to a port of the container. */
    final class OfPort implements ContainerStream {
        private static final Duration CONNECT = Duration.ofSeconds(5);

        private final SocketChannel channel;

        private OfPort(SocketChannel channel) {
            this.channel = channel;
        }

        static OfPort connect(String address, int port) throws IOException {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.socket().connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
                return new OfPort(channel);
            } catch (IOException refused) {
                channel.close();
                throw refused;
            }
        }

        @Override
        public int read(byte[] buffer) throws IOException {
            return channel.read(ByteBuffer.wrap(buffer));
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        }

        @Override
        public void endInput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public @Nullable Integer exitCode() {
            return null;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
