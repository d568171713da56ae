package io.athanor.saga.attestation;

import io.athanor.domain.attestation.TrackRecord;
import io.athanor.domain.attestation.TrackRecord.Tally;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerCommand;
import io.athanor.domain.checker.CheckerCommand.ActivateChecker;
import io.athanor.domain.checker.CheckerCommand.JailChecker;
import io.athanor.domain.checker.CheckerCommand.ReleaseChecker;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Jail;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The licence of a checker: given once its stake is there, taken for a time when too many of its rounds were wrong, given
 * back when that time is over. Nobody is jailed while a routine committee could not be drawn without it: a network that
 * judges nothing protects nobody.
 */
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
        if (checker == null) {
            return;
        }
        CheckerCommand command = switch (checker.standing()) {
            case REGISTERED -> eligibility.isBonded(wallet) ? new ActivateChecker(wallet, plan.now()) : null;
            case ACTIVE -> jail(wallet, plan.now());
            case JAILED -> release(instance, checker, plan);
            case NONE, TOMBSTONED -> null;
        };
        if (command != null) {
            plan.send(instance, ACTOR, List.of(command));
        }
    }

    private @Nullable CheckerCommand jail(Wallet wallet, Instant now) {
        LiveNetwork network = live.network();
        if (network == null) {
            return null;
        }
        Long newest = live.newestEpoch();
        ParametersActivated version = newest == null ? null : network.parametersOf(newest);
        if (version == null) {
            return null;
        }
        ProtocolParameters parameters = version.parameters();
        Jail rules = parameters.accountable().jail();
        Tally tally = live.recordOf(wallet).inWindow();
        if (!TrackRecord.jails(tally, rules)
                || eligibility.now().size() <= parameters.committee().routineSeats()) {
            return null;
        }
        Instant until = now.plusMillis(rules.jailDays() * parameters.timing().dayMillis());
        return new JailChecker(wallet, tally.wrong(), tally.rounds(), until, now);
    }

    private @Nullable CheckerCommand release(Instance instance, Checker checker, Plan plan) {
        Wallet wallet = (Wallet) instance.id();
        Instant until = checker.jailedUntil();
        if (until != null && plan.now().isBefore(until)) {
            plan.wakeAt(until, instance);
            return null;
        }
        return eligibility.isBonded(wallet) ? new ReleaseChecker(wallet, plan.now()) : null;
    }
}
