package io.athanor.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One pull under way, which can be cancelled: closing the request makes the engine stop. */
public final class ImagePull {
    private final ImageReference image;
    private final CompletableFuture<@Nullable String> outcome = new CompletableFuture<>();
    private final Progress progress = new Progress();

    ImagePull(ImageReference image) {
        this.image = image;
    }

    private final class Progress extends ResultCallback.Adapter<PullResponseItem> {
        private volatile @Nullable String error;

        @Override
        public void onNext(PullResponseItem item) {
            if (item.isErrorIndicated()) {
                var detail = item.getErrorDetail();
                error = detail == null ? "unknown error" : detail.getMessage();
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (failure instanceof DockerException refused) {
                outcome.complete(refused.getMessage());
            } else {
                outcome.completeExceptionally(failure);
            }
            super.onError(failure);
        }

        @Override
        public void onComplete() {
            outcome.complete(error);
            super.onComplete();
        }
    }

    ResultCallback<PullResponseItem> callback() {
        return progress;
    }

    /**
     * Waits for the end.
     *
     * @throws StartFailure with the reason in words
     * @throws CancellationException when {@link #cancel} came first
     * @throws EngineUnavailable when the engine went away
     */
    public void await() throws StartFailure, InterruptedException {
        String error;
        try {
            error = outcome.get();
        } catch (ExecutionException broken) {
            throw new EngineUnavailable(broken);
        }
        if (error != null) {
            throw StartFailure.ofPull(image, error);
        }
    }

    /** Stops the pull; safe at any time. */
    public void cancel() {
        outcome.cancel(false);
        try {
            progress.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
