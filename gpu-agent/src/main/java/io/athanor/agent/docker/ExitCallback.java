package io.athanor.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.WaitResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Completes when the engine says that a container ended, exceptionally when it went away before. */
final class ExitCallback extends ResultCallback.Adapter<WaitResponse> {
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onNext(WaitResponse response) {
        ended.complete(null);
    }

    @Override
    public void onError(Throwable failure) {
        ended.completeExceptionally(failure);
        super.onError(failure);
    }

    @Override
    public void onComplete() {
        ended.completeExceptionally(new IOException("the engine closed the stream"));
        super.onComplete();
    }
}
