package io.athanor.local.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/1.0 exchange over a Unix or TCP socket: the few questions the launcher has for a container engine, which the
 * JDK's client cannot ask over a Unix socket.
 */
final class UnixHttp {

    private static final int LARGEST_ANSWER_BYTES = 16 << 20;
    private static final int BUFFER_BYTES = 64 << 10;

    private UnixHttp() {}

    /**
     * An answer.
     *
     * @param status HTTP status
     * @param body its content
     */
    record Answer(int status, String body) {
        boolean ok() {
            return status >= 200 && status < 300;
        }
    }

    /** The answer; empty where nobody answers within the limit. */
    static Optional<Answer> exchange(URI host, String method, String path, Duration limit) {
        try (SocketChannel channel = SocketChannel.open(addressOf(host))) {
            CountDownLatch done = new CountDownLatch(1);
            // A blocking channel has no time-out of its own; closing it from outside ends the read.
            Thread.ofVirtual().start(() -> closeAfter(channel, done, limit));
            try {
                String request = "%s %s HTTP/1.0\r\nHost: engine\r\nContent-Length: 0\r\n\r\n".formatted(method, path);
                channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
                return parse(readAll(channel));
            } finally {
                done.countDown();
            }
        } catch (IOException nobody) {
            return Optional.empty();
        }
    }

    private static void closeAfter(SocketChannel channel, CountDownLatch done, Duration limit) {
        try {
            if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                channel.close();
            }
        } catch (InterruptedException | IOException closedAlready) {
            Thread.currentThread().interrupt();
        }
    }

    private static SocketAddress addressOf(URI host) {
        return "unix".equals(host.getScheme())
                ? UnixDomainSocketAddress.of(host.getPath())
                : new InetSocketAddress(host.getHost(), host.getPort());
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (channel.read(buffer) >= 0) {
            answer.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (answer.size() > LARGEST_ANSWER_BYTES) {
                throw new IOException("the answer is larger than " + LARGEST_ANSWER_BYTES + " bytes");
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static Optional<Answer> parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        String[] statusLine = text.split(" ", 3);
        return end < 0 || statusLine.length < 2
                ? Optional.empty()
                : Optional.of(new Answer(Integer.parseInt(statusLine[1]), text.substring(end + 4)));
    }
}
