package io.athanor.agent.docker;

import com.github.dockerjava.api.exception.DockerException;
import io.athanor.agent.logs.LogRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A container's output flowing into a ring. The engine's copier waits for the slowest attached reader, so what arrives
 * goes to disk at once and nothing here waits for the network.
 */
public final class LogAttachment implements AutoCloseable {
    /** A pipe of the kernel holds as much, so a reader that was late finds it in one go. */
    private static final int BUFFER_BYTES = 64 << 10;

    private final EngineStream stream;
    private final LogRing ring;
    private final CompletableFuture<Void> accepted = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private LogAttachment(EngineStream stream, LogRing ring) {
        this.stream = stream;
        this.ring = ring;
    }

    /** Begins to ask the engine for the output, over a connection that is this attachment's from now on. */
    static LogAttachment begin(EngineStream stream, String container, LogRing ring) {
        LogAttachment attachment = new LogAttachment(stream, ring);
        // The job waits for this thread, so it waits in the kernel itself and is no virtual one, which would be woken
        // by another.
        Thread.ofPlatform().daemon().name("output-" + container).start(() -> attachment.run(container));
        return attachment;
    }

    private void run(String container) {
        try (stream) {
            stream.upgrade("/containers/" + container + "/attach?stream=1&stdout=1&stderr=1", "");
            accepted.complete(null);
            copy();
            ended.complete(null);
        } catch (IOException | RuntimeException broken) {
            accepted.completeExceptionally(broken);
            ended.completeExceptionally(broken);
        }
    }

    private void copy() throws IOException {
        OutputFrames frames = new OutputFrames();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = stream.read(buffer, 0, buffer.length);
                read >= 0;
                read = stream.read(buffer, 0, buffer.length)) {
            ring.write(buffer, frames.unframe(buffer, read));
        }
        frames.requireWhole();
    }

    /** Waits until the engine has accepted the attachment. */
    void awaitStarted(Duration wait) throws InterruptedException {
        try {
            accepted.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException noAnswer) {
            close();
            if (noAnswer.getCause() instanceof DockerException refused) {
                throw refused;
            }
            throw new EngineUnavailable(noAnswer);
        }
    }

    /** Waits for the end of the output; true when everything that the job wrote has arrived. */
    public boolean awaitEnd(Duration wait) throws InterruptedException {
        try {
            ended.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException missing) {
            // The stream broke before its end: what is missing is marked by whoever reads this answer.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
