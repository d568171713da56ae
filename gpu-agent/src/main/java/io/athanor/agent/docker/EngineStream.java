package io.athanor.agent.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A connection to the engine that it turned from HTTP into the streams of a container, both ways and without copies between:
 * the client library hands output on by 1 KiB, which a fast log does not live with. Blocks; use it on a thread of its own,
 * and close it from any.
 */
final class EngineStream implements Closeable {
    private static final int MAX_HEAD_BYTES = 16 << 10;

    private final SocketChannel channel;

    /** What came behind the answer's head already. */
    private ByteBuffer early = ByteBuffer.allocate(0);

    private EngineStream(SocketChannel channel) {
        this.channel = channel;
    }

    /** A connection on which nothing was said yet. */
    static EngineStream connect(URI host) throws IOException {
        return new EngineStream(
                "unix".equals(host.getScheme())
                        ? SocketChannel.open(UnixDomainSocketAddress.of(host.getPath()))
                        : SocketChannel.open(new InetSocketAddress(host.getHost(), host.getPort())));
    }

    /**
     * Asks for the streams.
     *
     * @param json the request's body, may be empty
     * @throws DockerException where the engine refuses
     */
    void upgrade(String path, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
        write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        write(ByteBuffer.wrap(body));
        ByteBuffer answer = ByteBuffer.allocate(MAX_HEAD_BYTES);
        int end = readHead(answer);
        String text = new String(answer.array(), 0, end, StandardCharsets.US_ASCII);
        int status = status(text);
        early = answer.flip().position(end);
        if (status != 101 && status != 200) {
            throw refusal(
                    status, StandardCharsets.UTF_8.decode(early).toString().strip());
        }
    }

    private int readHead(ByteBuffer answer) throws IOException {
        while (true) {
            int end = endOfHead(answer);
            if (end >= 0) {
                return end;
            }
            if (!answer.hasRemaining() || channel.read(answer) < 0) {
                throw new EOFException("the engine's answer broke off");
            }
        }
    }

    private static int endOfHead(ByteBuffer answer) {
        for (int i = 3; i < answer.position(); i++) {
            if (answer.get(i) == '\n' && answer.get(i - 1) == '\r' && answer.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int status(String head) throws IOException {
        String[] words = head.split("[ \r]", 4);
        if (words.length < 3 || !words[0].startsWith("HTTP/1.") || !words[1].matches("\\d{3}")) {
            throw new IOException("the engine does not answer in HTTP");
        }
        return Integer.parseInt(words[1]);
    }

    private static DockerException refusal(int status, String said) {
        return switch (status) {
            case 404 -> new NotFoundException(said);
            case 409 -> new ConflictException(said);
            case 500 -> new InternalServerErrorException(said);
            default -> new DockerException(said, status);
        };
    }

    /** Some bytes, at least one; -1 at the end. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (early.hasRemaining()) {
            int some = Math.min(length, early.remaining());
            early.get(target, offset, some);
            return some;
        }
        return channel.read(ByteBuffer.wrap(target, offset, length));
    }

    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** No more input will come; output still may. */
    void endInput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
