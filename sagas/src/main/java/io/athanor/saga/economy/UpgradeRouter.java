package io.athanor.saga.economy;

import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.protocol.ProtocolCommand.DecideUpgrade;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets an announced upgrade begin when its epoch opens, or puts it off, by who was ready at that very point of the history.
 * Where that is no longer known, since the epoch before has closed meanwhile, the next epoch decides.
 */
public final class UpgradeRouter implements Router {
    private static final String ACTOR = "saga:upgrade";

    private final LiveSet live;

    public UpgradeRouter(LiveSet live) {
        this.live = live;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        long epoch = (Long) instance.id();
        Long newest = live.newestEpoch();
        LiveNetwork network = live.network();
        Long due = network == null ? null : network.protocol().upgradeDue();
        if (due == null || newest == null || newest != epoch || epoch < due || !counts(network)) {
            return;
        }
        Readiness readiness = readiness(epoch);
        if (readiness != null) {
            plan.send(instance, ACTOR, List.of(new DecideUpgrade(epoch, readiness, plan.now())));
        }
    }

    private static boolean counts(@Nullable LiveNetwork network) {
        return network != null
                && network.protocol()
                                .current()
                                .parameters()
                                .economics()
                                .governance()
                                .upgrade()
                        != null;
    }

    private @Nullable Readiness readiness(long epoch) {
        Epoch before = live.epochBefore(epoch);
        EpochOpened opened = before == null ? null : before.opened();
        return opened == null ? null : live.poolsOf(opened.epoch()).readiness();
    }
}
