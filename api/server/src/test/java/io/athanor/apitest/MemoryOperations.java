package io.athanor.apitest;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.ParkedInstances;
import io.athanor.domain.port.ViewOperations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Letters, parked work and a rebuild as a test wants them. */
final class MemoryOperations implements ViewOperations, ParkedInstances {
    private final List<Letter> letters = new CopyOnWriteArrayList<>();
    private final List<Parked> parked = new CopyOnWriteArrayList<>();
    private Rebuild rebuild = new Rebuild("NONE", 0, 0, 0, null, null, null);
    final List<String> dropped = new ArrayList<>();

    void letter(long index, String stream) {
        letters.add(new Letter("jobs", index, stream, "job.Assigned", "cannot be folded", Instant.EPOCH, 0));
    }

    void park(String instance) {
        parked.add(new Parked(instance, 10, "ten failures", Instant.EPOCH));
    }

    void rebuilt() {
        rebuild = new Rebuild("DONE", 5, 5, 5, Instant.EPOCH, Instant.EPOCH, null);
    }

    @Override
    public List<Letter> letters(int limit) {
        return letters.stream().limit(limit).toList();
    }

    @Override
    public Retried retry(String projection, String stream) {
        int left = (int) letters.stream()
                .filter(letter -> letter.stream().equals(stream))
                .count();
        Refused.unless(left > 0, Reason.NOT_FOUND, "stream " + stream + " has no dead letters");
        return new Retried(0, left);
    }

    @Override
    public void drop(String projection, long index, String reason, String by) {
        boolean known = letters.removeIf(letter -> letter.index() == index);
        Refused.unless(known, Reason.NOT_FOUND, "no letter " + index);
        dropped.add(index + " by " + by + ": " + reason);
    }

    @Override
    public Rebuild rebuild() {
        Refused.unless(!rebuild.state().equals("RUNNING"), Reason.WRONG_STATE, "it runs");
        rebuild = new Rebuild("RUNNING", 0, 0, 5, Instant.EPOCH, null, null);
        return rebuild;
    }

    @Override
    public Rebuild rebuildState() {
        return rebuild;
    }

    @Override
    public List<Parked> list() {
        return List.copyOf(parked);
    }

    @Override
    public boolean retry(String instance) {
        return parked.removeIf(entry -> entry.instance().equals(instance));
    }
}
