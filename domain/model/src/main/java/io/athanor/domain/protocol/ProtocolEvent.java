package io.athanor.domain.protocol;

import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.canary.Undelivered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to the network as a whole. */
public sealed interface ProtocolEvent extends Event {
    @Override
    default StreamId stream() {
        return ProtocolCommand.STREAM;
    }

    record NetworkBegun(long chainId, Wallet vault, Wallet settlementLog, Instant genesis, Instant at)
            implements ProtocolEvent {}

    record ReserveCredited(long number, Reserve reserve, Ath amount, Hash32 transaction, long block, Instant at)
            implements ProtocolEvent {}

    record ParametersScheduled(int version, ProtocolParameters parameters, long fromEpoch, Instant at)
            implements ProtocolEvent {}

    record ParametersActivated(int version, ProtocolParameters parameters, long fromEpoch, Instant at)
            implements ProtocolEvent {}

    record CommunityFundsGranted(ProposalId proposal, int milestone, Wallet recipient, Ath amount, Instant at)
            implements ProtocolEvent {}

    record UpgradeAnnounced(ProposalId proposal, String version, Sha256 artifact, long activationEpoch, Instant at)
            implements ProtocolEvent {}

    /** From this epoch on the network runs the programs that were voted for. */
    record UpgradeActivated(
            ProposalId proposal, String version, Sha256 artifact, long epoch, Readiness readiness, Instant at)
            implements ProtocolEvent {}

    /** Too little was ready in {@code epoch}: it is looked at again in {@code untilEpoch}. */
    record UpgradePostponed(
            ProposalId proposal, long epoch, long untilEpoch, Readiness readiness, String why, Instant at)
            implements ProtocolEvent {}

    /** Too little was ready too often: it never begins. */
    record UpgradeCancelled(ProposalId proposal, long epoch, Readiness readiness, String why, Instant at)
            implements ProtocolEvent {}

    /** Upgrades wait for this node's readiness, or do not any more. */
    record NodeRegistered(Wallet node, boolean active, Authorization authorization, Instant at)
            implements ProtocolEvent {}

    /** What the mystery shopper will do in an epoch is fixed, and secret. */
    record CanariesCommitted(long epoch, Sha256 commitment, Authorization authorization, Instant at)
            implements ProtocolEvent {}

    /**
     * What it did; {@code paid} is credited by the account's event of the same order.
     *
     * @param undelivered runs that count against their machines' completion; null in events from before any did
     * @param reruns clients' deliveries that were drawn to run again; null in events from before any was
     * @param irreproducible images of which three owners' machines gave three results for one order; null as well
     */
    record CanariesOpened(
            CanaryPlan plan,
            List<Ordered> orders,
            Ath paid,
            @Nullable List<Undelivered> undelivered,
            @Nullable List<Rerun> reruns,
            @Nullable List<Sha256> irreproducible,
            Authorization authorization,
            Instant at)
            implements ProtocolEvent {
        public CanariesOpened {
            orders = List.copyOf(orders);
            undelivered = undelivered == null ? null : List.copyOf(undelivered);
            reruns = reruns == null ? null : List.copyOf(reruns);
            irreproducible = irreproducible == null ? null : List.copyOf(irreproducible);
        }
    }

    /** Nothing new begins, and nothing is withdrawn, before {@code until}; what runs goes on. */
    record NetworkPaused(Wallet guardian, String why, Instant until, Authorization authorization, Instant at)
            implements ProtocolEvent {
        /** Whether it stops what comes now. */
        public boolean isInForce(Instant now) {
            return now.isBefore(until);
        }
    }
}
