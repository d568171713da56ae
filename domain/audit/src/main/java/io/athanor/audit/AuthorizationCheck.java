package io.athanor.audit;

import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Event;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A signature counts once and in time: no event stands on an authorisation that had expired, or that another event has
 * used up. One authorisation may order, pay more for or cancel all tasks of one job, each in its own stream.
 */
final class AuthorizationCheck implements Check {
    private final Map<CommandId, Hash32> used = new HashMap<>();
    private @Nullable CheckerRegistered registered;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        WalletOrder.of(event).ifPresent(order -> once(order, event, problem));
        if (event instanceof AttesterAuthorised e && registered != null) {
            once(WalletOrder.of(registered, e), event, problem);
        }
        registered = event instanceof CheckerRegistered e ? e : null;
    }

    private void once(WalletOrder order, Event event, Consumer<String> problem) {
        Authorization by = order.by();
        if (!order.at().isBefore(by.expiresAt())) {
            problem.accept("the signature had expired at " + by.expiresAt());
        }
        Hash32 earlier = used.putIfAbsent(by.commandId(), order.struct());
        boolean ofManyTasks =
                event instanceof JobSubmitted || event instanceof JobCancelRequested || event instanceof JobToppedUp;
        if (earlier != null && !(ofManyTasks && earlier.equals(order.struct()))) {
            problem.accept("the signature under command " + by.commandId() + " has been used before");
        }
    }
}
