package io.athanor.query.fold;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.ViewOperations;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's hand on the views of this node: at most one rebuild at a time, in a thread of its own. */
public final class ViewOperator implements ViewOperations {
    private static final Logger LOG = LoggerFactory.getLogger(ViewOperator.class);
    private static final String RUNNING = "RUNNING";

    private final DeadLetters letters;
    private final ViewRebuild rebuild;
    private final InstantSource clock;
    private volatile Rebuild state = new Rebuild("NONE", 0, 0, 0, null, null, null);

    public ViewOperator(DeadLetters letters, ViewRebuild rebuild, InstantSource clock) {
        this.letters = letters;
        this.rebuild = rebuild;
        this.clock = clock;
    }

    @Override
    public List<Letter> letters(int limit) {
        return letters.list(limit);
    }

    @Override
    public Retried retry(String projection, String stream) {
        Retried retried = letters.retry(projection, stream);
        LOG.info("{} of {}: {} folded, {} left", stream, projection, retried.folded(), retried.left());
        return retried;
    }

    @Override
    public void drop(String projection, long index, String reason, String by) {
        letters.drop(projection, index, reason, by, clock.instant());
        LOG.warn("{} gave up event {} of {}: {}", by, index, projection, reason);
    }

    @Override
    public synchronized Rebuild rebuild() {
        Rebuild before = state;
        Refused.unless(
                !before.state().equals(RUNNING),
                Reason.WRONG_STATE,
                "the views are being rebuilt already, at event " + before.index() + " of " + before.head());
        Rebuild begun = new Rebuild(RUNNING, 0, 0, 0, clock.instant(), null, null);
        state = begun;
        Thread.ofPlatform().name("view-rebuild").start(this::run);
        return begun;
    }

    private void run() {
        try {
            LOG.info("all views are rebuilt from the first event");
            rebuild.run(this::progress);
            end("DONE", null);
        } catch (RuntimeException e) {
            LOG.error("the rebuild of the views broke off; the live processor goes on", e);
            end("FAILED", String.valueOf(e.getMessage()));
        }
    }

    private void progress(ViewRebuild.Progress now) {
        state = new Rebuild(RUNNING, now.events(), now.index(), now.head(), state.startedAt(), null, null);
    }

    private void end(String how, @Nullable String failure) {
        Rebuild last = state;
        state = new Rebuild(how, last.events(), last.index(), last.head(), last.startedAt(), clock.instant(), failure);
        LOG.info("the rebuild of the views is {} after {} events", how, last.events());
    }

    @Override
    public Rebuild rebuildState() {
        return state;
    }
}
