package io.athanor.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import io.athanor.agent.logs.LogRing;
import java.io.Closeable;
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
    private final Sink sink;

    LogAttachment(LogRing ring) {
        sink = new Sink(ring);
    }

    private static final class Sink extends ResultCallback.Adapter<Frame> {
        private final LogRing ring;
        private final CompletableFuture<Void> accepted = new CompletableFuture<>();

        Sink(LogRing ring) {
            this.ring = ring;
        }

        @Override
        public void onStart(Closeable stream) {
            super.onStart(stream);
            accepted.complete(null);
        }

        @Override
        public void onNext(Frame frame) {
            ring.write(frame.getPayload());
        }

        @Override
        public void onError(Throwable failure) {
            accepted.completeExceptionally(failure);
            super.onError(failure);
        }
    }

    ResultCallback<Frame> callback() {
        return sink;
    }

    /** Waits until the engine has accepted the attachment. */
    void awaitStarted(Duration wait) throws InterruptedException {
        try {
            sink.accepted.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException noAnswer) {
            throw new EngineUnavailable(noAnswer);
        }
    }

    /** Waits for the end of the output; true when everything that the job wrote has arrived. */
    public boolean awaitEnd(Duration wait) throws InterruptedException {
        try {
            return sink.awaitCompletion(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException broken) {
            // The stream broke before its end: what is missing is marked by whoever reads this answer.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            sink.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
