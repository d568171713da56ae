package io.athanor.domain.protocol;

import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.canary.Undelivered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders to the one protocol stream. */
public sealed interface ProtocolCommand extends Command {
    StreamId STREAM = new StreamId(StreamId.PROTOCOL, "athanor");

    @Override
    default StreamId stream() {
        return STREAM;
    }

    /** Begins the network: what chain it is on, when epoch 0 starts, and its first parameters. Once. */
    record BeginNetwork(
            long chainId,
            Wallet vault,
            Wallet settlementLog,
            Instant genesis,
            ProtocolParameters parameters,
            Instant at)
            implements ProtocolCommand {}

    /** A final, numbered transfer into an emission reserve. Repeats change nothing. */
    record CreditReserve(long number, Reserve reserve, Ath amount, Hash32 transaction, long block, Instant at)
            implements ProtocolCommand {}

    /** Announces a parameter set that begins with an epoch. */
    record ScheduleParameters(ProtocolParameters parameters, long fromEpoch, Instant at) implements ProtocolCommand {}

    /** Puts the due set in force. */
    record ActivateParameters(long epoch, Instant at) implements ProtocolCommand {}

    /**
     * Pays one part of a grant out of the treasury; the account is credited by the same order. Once a part.
     *
     * @param treasury what the treasury holds at least, in wei
     */
    record GrantFunds(ProposalId proposal, int milestone, Wallet recipient, Ath amount, Ath treasury, Instant at)
            implements ProtocolCommand {}

    /** Announces the programs of a passed proposal. */
    record AnnounceUpgrade(ProposalId proposal, String version, Sha256 artifact, long activationEpoch, Instant at)
            implements ProtocolCommand {}

    /**
     * The epoch of an announced upgrade has opened, or a later one: it begins, or is put off.
     *
     * @param epoch the newest
     * @param readiness when it opened
     */
    record DecideUpgrade(long epoch, Readiness readiness, Instant at) implements ProtocolCommand {}

    /** Stops new orders, offers, leases and withdrawals for so many milliseconds; the guardian's, and it ends by itself. */
    record PauseNetwork(String why, long millis, Authorization authorization, Instant at) implements ProtocolCommand {}

    /**
     * Names a node of the control plane by the key that it signs with, or takes it off again; the guardian's.
     *
     * @param active whether upgrades wait for its readiness from now on
     */
    record RegisterNode(Wallet node, boolean active, Authorization authorization, Instant at)
            implements ProtocolCommand {}

    /**
     * Publishes the digest of the plan for a coming epoch; the shopper's.
     *
     * @param newestEpoch that has opened: the plan's epoch is later than the next
     */
    record CommitCanaries(long epoch, Sha256 commitment, long newestEpoch, Authorization authorization, Instant at)
            implements ProtocolCommand {}

    /**
     * Publishes the plan itself; the shopper's account is credited by the same order.
     *
     * @param digest of the plan's canonical JSON
     * @param paid back for what the orders cost, in wei
     * @param undelivered and {@code irreproducible}, as {@link io.athanor.domain.canary.CanaryOpening} finds them
     * @param treasury what the treasury holds at least, in wei
     * @param newestEpoch that has opened: the plan's epoch is over
     */
    record OpenCanaries(
            CanaryPlan plan,
            Sha256 digest,
            List<Ordered> orders,
            Ath paid,
            @Nullable List<Undelivered> undelivered,
            @Nullable List<Rerun> reruns,
            @Nullable List<Sha256> irreproducible,
            Ath treasury,
            long newestEpoch,
            Authorization authorization,
            Instant at)
            implements ProtocolCommand {}

    /** Which emission reserve; on chain the buckets are 1 and 2. */
    enum Reserve {
        PROVIDER,
        CHECKER
    }
}
