package io.athanor.saga.fleet;

import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.WrittenSet;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The fleet to answer from: this node's where it runs the routers, else one over the {@link WrittenSet}. */
public final class WrittenFleet implements Supplier<FleetIndex> {
    private final Supplier<LiveSet> sets;
    private final FleetIndex heard;
    private final InstantSource clock;
    private @Nullable FleetIndex read;

    /** @param heard this node's fleet, which hears of machines wherever they speak */
    public WrittenFleet(Supplier<LiveSet> sets, FleetIndex heard, InstantSource clock) {
        this.sets = sets;
        this.heard = heard;
        this.clock = clock;
    }

    @Override
    public FleetIndex get() {
        LiveSet set = sets.get();
        return set == heard.live() ? heard : over(set);
    }

    private synchronized FleetIndex over(LiveSet rows) {
        FleetIndex known = read;
        if (known == null || known.live() != rows) {
            FleetIndex fleet = heard.over(rows);
            synchronized (rows) {
                rows.machines().forEach(id -> fleet.refresh(id, clock.instant()));
            }
            known = fleet;
            read = known;
        }
        return known;
    }
}
