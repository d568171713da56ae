package io.athanor.saga.attestation;

import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerCommand.ActivateChecker;
import io.athanor.domain.common.Wallet;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.util.List;

/** A registered checker is licensed once its stake is there. */
public final class CheckerRouter implements Router {
    private static final String ACTOR = "saga:checkers";

    private final LiveSet live;
    private final Eligibility eligibility;

    public CheckerRouter(LiveSet live, Eligibility eligibility) {
        this.live = live;
        this.eligibility = eligibility;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        Wallet wallet = (Wallet) instance.id();
        Checker checker = live.checker(wallet);
        boolean waits = checker != null && checker.standing() == Checker.Standing.REGISTERED;
        if (waits && eligibility.isBonded(wallet)) {
            plan.send(instance, ACTOR, List.of(new ActivateChecker(wallet, plan.now())));
        }
    }
}
