package io.athanor.saga.settlement;

import io.athanor.domain.protocol.ProtocolCommand.ActivateParameters;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.util.List;

/** Puts scheduled parameters in force when their epoch opens, before anything else is done in it. */
public final class ParametersRouter implements Router {
    private static final String ACTOR = "saga:parameters";

    private final LiveSet live;

    public ParametersRouter(LiveSet live) {
        this.live = live;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        long epoch = (Long) instance.id();
        Long newest = live.newestEpoch();
        LiveNetwork network = live.network();
        var next = network == null ? null : network.protocol().next();
        if (next != null && newest != null && newest == epoch && epoch >= next.fromEpoch()) {
            plan.send(instance, ACTOR, List.of(new ActivateParameters(epoch, plan.now())));
        }
    }
}
