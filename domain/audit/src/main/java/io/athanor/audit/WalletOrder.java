package io.athanor.audit;

import io.athanor.codec.Json;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Event;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalEvent.VoteCast;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.NodeRegistered;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.CommissionChangeAnnounced;
import io.athanor.domain.stake.StakePoolEvent.RewardClaimed;
import io.athanor.domain.stake.StakePoolEvent.StakeDelegated;
import io.athanor.domain.stake.StakePoolEvent.StakeLocked;
import io.athanor.domain.stake.StakePoolEvent.StakeRedelegated;
import io.athanor.domain.stake.StakePoolEvent.UnbondingStarted;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet signed for an event to happen.
 *
 * @param struct of {@link TypedCommands}, made again from the event's content
 * @param scope that a session key needs; null where only the wallet itself may sign
 */
record WalletOrder(
        Authorization by, Hash32 struct, @Nullable Scope scope, Instant at) {
    /** Empty where the event needs no wallet, or its signature is that of another event of the same order. */
    static Optional<WalletOrder> of(Event event) {
        return Optional.ofNullable(
                switch (event) {
                    case JobSubmitted e -> submitted(e);
                    case JobCancelRequested e -> cancelled(e);
                    case JobToppedUp e -> toppedUp(e);
                    case ProviderRegistered e -> registered(e);
                    case MachineEvent e -> machine(e);
                    case AccountEvent e -> account(e);
                    case StakePoolEvent e -> stake(e);
                    case ProposalEvent e -> vote(e);
                    case CaseEvent e -> penaltyCase(e);
                    case NetworkPaused e -> paused(e);
                    case NodeRegistered e ->
                        order(
                                e.authorization(),
                                (id, until) -> TypedEconomy.registerNode(
                                        e.authorization().wallet(), e.node(), e.active(), id, until),
                                e.at());
                    case CanariesCommitted e ->
                        order(
                                e.authorization(),
                                (id, until) -> TypedEconomy.commitCanaries(
                                        e.authorization().wallet(), e.epoch(), e.commitment(), id, until),
                                e.at());
                    case CanariesOpened e ->
                        order(
                                e.authorization(),
                                (id, until) -> TypedEconomy.openCanaries(
                                        e.authorization().wallet(),
                                        Json.digest(e.plan()),
                                        Json.digest(Rerun.Told.of(e.orders(), e.reruns())),
                                        id,
                                        until),
                                e.at());
                    default -> null;
                });
    }

    private static WalletOrder submitted(JobSubmitted e) {
        Authorization by = e.authorization();
        Hash32 struct = TypedCommands.submitJob(
                e.task().job(),
                e.client(),
                Json.digest(e.spec()),
                e.spec().tasks(),
                e.spec().maxPrice(),
                e.spec().cap(),
                by.commandId(),
                by.expiresAt());
        return new WalletOrder(by, struct, Scope.SUBMIT_JOB, e.at());
    }

    private static WalletOrder paused(NetworkPaused e) {
        long millis = e.until().toEpochMilli() - e.at().toEpochMilli();
        return order(
                e.authorization(),
                (id, until) -> TypedEconomy.pauseNetwork(e.guardian(), e.why(), millis, id, until),
                e.at());
    }

    private static WalletOrder cancelled(JobCancelRequested e) {
        Authorization by = e.authorization();
        Hash32 struct = TypedCommands.cancelJob(e.task().job(), e.why(), by.commandId(), by.expiresAt());
        return new WalletOrder(by, struct, Scope.CANCEL_JOB, e.at());
    }

    private static WalletOrder toppedUp(JobToppedUp e) {
        Authorization by = e.authorization();
        Hash32 struct = TypedCommands.topUpJob(e.task().job(), e.cap(), by.commandId(), by.expiresAt());
        return new WalletOrder(by, struct, Scope.SUBMIT_JOB, e.at());
    }

    private static WalletOrder registered(ProviderRegistered e) {
        Authorization by = e.authorization();
        Hash32 struct =
                TypedCommands.registerProvider(e.provider(), e.name(), e.ownerGroup(), by.commandId(), by.expiresAt());
        return new WalletOrder(by, struct, null, e.at());
    }

    private static @Nullable WalletOrder machine(MachineEvent event) {
        return switch (event) {
            case MachineEnrolled e -> {
                Authorization by = e.authorization();
                yield new WalletOrder(
                        by,
                        TypedCommands.authorizeAgent(
                                e.provider(), e.agentKey(), e.machine(), by.commandId(), by.expiresAt()),
                        null,
                        e.at());
            }
            case OfferListed e -> {
                Authorization by = e.authorization();
                yield new WalletOrder(
                        by,
                        TypedCommands.listOffer(e.machine(), e.price(), by.commandId(), by.expiresAt()),
                        null,
                        e.at());
            }
            case MachineRetired e -> {
                Authorization by = e.authorization();
                yield new WalletOrder(
                        by, TypedCommands.retireMachine(e.machine(), by.commandId(), by.expiresAt()), null, e.at());
            }
            default -> null;
        };
    }

    private static @Nullable WalletOrder account(AccountEvent event) {
        return switch (event) {
            case SessionKeyAuthorised e -> {
                Authorization by = e.authorization();
                yield new WalletOrder(
                        by,
                        TypedCommands.authorizeSessionKey(e.wallet(), e.key(), by.commandId(), by.expiresAt()),
                        null,
                        e.at());
            }
            case SessionKeyRevoked e -> {
                Authorization by = e.authorization();
                yield new WalletOrder(
                        by,
                        TypedCommands.revokeSessionKey(e.wallet(), e.key(), by.commandId(), by.expiresAt()),
                        null,
                        e.at());
            }
            case WithdrawalRequested e -> {
                Authorization by = e.authorization();
                yield new WalletOrder(
                        by,
                        TypedCommands.requestWithdrawal(e.wallet(), e.amount(), by.commandId(), by.expiresAt()),
                        null,
                        e.at());
            }
            default -> null;
        };
    }

    /** A delegation's signature is also that of the account's event before it. */
    private static @Nullable WalletOrder stake(StakePoolEvent event) {
        return switch (event) {
            case StakeDelegated e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedEconomy.delegate(e.pool(), e.delegator(), e.amount(), id, until),
                        e.at());
            case UnbondingStarted e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedEconomy.unbond(e.pool(), e.delegator(), e.asked(), id, until),
                        e.at());
            case StakeRedelegated e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedEconomy.redelegate(e.pool(), e.delegator(), e.to(), e.amount(), id, until),
                        e.at());
            case StakeLocked e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedEconomy.lockStake(e.pool(), e.delegator(), e.untilDay(), id, until),
                        e.at());
            case RewardClaimed e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedEconomy.claimReward(e.pool(), e.delegator(), e.amount(), id, until),
                        e.at());
            case CommissionChangeAnnounced e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedEconomy.setCommission(e.pool(), e.toBps(), id, until),
                        e.at());
            default -> null;
        };
    }

    private static @Nullable WalletOrder vote(ProposalEvent event) {
        return switch (event) {
            case ProposalSubmitted e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedEconomy.submitProposal(
                                e.proposal(), e.proposer(), e.title(), Json.digest(e.measure()), id, until),
                        e.at());
            case VoteCast e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedEconomy.castVote(e.proposal(), e.voter(), e.choice(), id, until),
                        e.at());
            default -> null;
        };
    }

    private static @Nullable WalletOrder penaltyCase(CaseEvent event) {
        return switch (event) {
            case CaseOpened e -> {
                Authorization by = e.authorization();
                yield by == null ? null : accusation(e, by);
            }
            case AppealLodged e ->
                order(
                        e.authorization(),
                        (id, until) -> TypedCommands.lodgeAppeal(e.id(), e.bond(), e.why(), id, until),
                        e.at());
            default -> null;
        };
    }

    private static @Nullable WalletOrder accusation(CaseOpened e, Authorization by) {
        return switch (e.offence()) {
            case Equivocation proof ->
                order(
                        by,
                        (id, until) -> TypedCommands.reportEquivocation(
                                e.id(), proof.one().report(), proof.other().report(), id, until),
                        e.at());
            case Dispute dispute ->
                order(
                        by,
                        (id, until) -> TypedCommands.disputeJob(e.id(), dispute.deposit(), dispute.why(), id, until),
                        e.at());
            case Downtime d -> null;
            case Counterfeit c -> null;
            case FailedCanary c -> null;
            case FalseResult r -> null;
            case RefutedMatch r -> null;
        };
    }

    /** What only the wallet itself signs. */
    private static WalletOrder order(Authorization by, BiFunction<CommandId, Instant, Hash32> struct, Instant at) {
        return new WalletOrder(by, struct.apply(by.commandId(), by.expiresAt()), null, at);
    }

    /** A checker's registration names its attester, which the event after it carries. */
    static WalletOrder of(CheckerRegistered r, AttesterAuthorised key) {
        Authorization by = r.authorization();
        Hash32 struct = TypedCommands.registerChecker(
                r.checker(),
                r.ownerGroup(),
                r.networkGroup(),
                r.region().name(),
                r.endpoint(),
                key.attester(),
                by.commandId(),
                by.expiresAt());
        return new WalletOrder(by, struct, null, r.at());
    }
}
