package io.athanor.domain.canary;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.protocol.Accountability.Canaries;
import io.athanor.domain.protocol.ProtocolCommand.CommitCanaries;
import io.athanor.domain.protocol.ProtocolCommand.OpenCanaries;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolParameters;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mystery shopper's plans that are fixed and not yet opened, by epoch.
 *
 * <p>Invariant: by the shopper alone; one plan an epoch, fixed before the next epoch opens, opened once, after its own, and only
 * as it was fixed; never more is paid back than the budget and what the treasury has.
 */
public record CanaryBook(Map<Long, Sha256> fixed) {
    public static final CanaryBook EMPTY = new CanaryBook(Map.of());
    /** A plan that was not opened for so many epochs is forgotten. */
    private static final long LAPSES_AFTER = 1_000;

    public CanaryBook {
        fixed = Map.copyOf(fixed);
    }

    /** Error: {@link Refused}. */
    public CanariesCommitted commit(CommitCanaries c, ProtocolParameters parameters) {
        require(parameters, c.authorization());
        Refused.unless(
                c.epoch() > c.newestEpoch() + 1,
                Reason.WINDOW_CLOSED,
                "the plan of epoch " + c.epoch() + " had to be fixed before epoch " + (c.epoch() - 1) + " opened");
        Refused.unless(
                !fixed.containsKey(c.epoch()),
                Reason.DUPLICATE_COMMITMENT,
                "the plan of epoch " + c.epoch() + " is fixed");
        return new CanariesCommitted(c.epoch(), c.commitment(), c.authorization(), c.at());
    }

    /** Error: {@link Refused}. */
    public CanariesOpened open(OpenCanaries c, ProtocolParameters parameters) {
        Canaries rules = require(parameters, c.authorization());
        long epoch = c.plan().epoch();
        Sha256 known = fixed.get(epoch);
        if (known == null) {
            throw new Refused(Reason.REVEAL_WITHOUT_COMMIT, "no plan of epoch " + epoch + " waits to be opened");
        }
        Refused.unless(known.equals(c.digest()), Reason.REVEAL_MISMATCH, "the plan that was fixed is " + known);
        Refused.unless(epoch < c.newestEpoch(), Reason.WINDOW_CLOSED, "epoch " + epoch + " is not over");
        c.plan().require(rules.most());
        Ath most = rules.budget().min(c.treasury());
        Refused.unless(
                most.covers(c.paid()),
                Reason.INSUFFICIENT_FUNDS,
                "at most " + most.display() + " is paid back, not " + c.paid().display());
        return new CanariesOpened(
                c.plan(),
                c.orders(),
                c.paid(),
                c.undelivered(),
                c.reruns(),
                c.irreproducible(),
                c.authorization(),
                c.at());
    }

    /**
     * Whether this wallet may open a plan of this size at all, before anybody looks at its orders. Error: {@link Refused}.
     */
    public static void requireShopper(CanaryPlan plan, ProtocolParameters parameters, Authorization by) {
        plan.require(require(parameters, by).most());
    }

    private static Canaries require(ProtocolParameters parameters, Authorization by) {
        Canaries rules = parameters.accountable().canaries();
        if (rules == null) {
            throw new Refused(Reason.NOT_ALLOWED, "this network has no mystery shopper");
        }
        by.requireBy(rules.shopper());
        return rules;
    }

    /** With a plan more, and without those that were never opened. */
    public CanaryBook with(CanariesCommitted e) {
        Map<Long, Sha256> more = new HashMap<>(fixed);
        more.keySet().removeIf(epoch -> epoch < e.epoch() - LAPSES_AFTER);
        more.put(e.epoch(), e.commitment());
        return new CanaryBook(more);
    }

    /** Without the opened one. */
    public CanaryBook without(CanariesOpened e) {
        Map<Long, Sha256> fewer = new HashMap<>(fixed);
        fewer.remove(e.plan().epoch());
        return new CanaryBook(fewer);
    }

    /** The digest of the plan that waits to be opened. */
    public @Nullable Sha256 of(long epoch) {
        return fixed.get(epoch);
    }
}
