package io.athanor.domain.epoch;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.epoch.EpochCommand.AnchorSettlement;
import io.athanor.domain.epoch.EpochCommand.AnchorWithdrawals;
import io.athanor.domain.epoch.EpochCommand.BatchSettlements;
import io.athanor.domain.epoch.EpochCommand.CloseEpoch;
import io.athanor.domain.epoch.EpochCommand.ComputeRewards;
import io.athanor.domain.epoch.EpochCommand.OpenEpoch;
import io.athanor.domain.epoch.EpochCommand.RootWithdrawals;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One epoch's books: NONE → OPEN → COMPUTED → CLOSED.
 *
 * <p>Invariant: rewards are computed once, batches continue the chain of heads without a gap, and nothing is
 * batched after closing. Anchoring and one root of withdrawals may follow closing.
 */
public record Epoch(
        @Nullable EpochOpened opened,
        @Nullable RewardsComputed rewards,
        List<Batch> batches,
        Set<Long> anchored,
        @Nullable ChainHead closedHead,
        @Nullable Payout payout,
        boolean payoutAnchored)
        implements State<Epoch, EpochCommand, EpochEvent> {
    public static final Epoch EMPTY = new Epoch(null, null, List.of(), Set.of(), null, null, false);

    public Epoch {
        batches = List.copyOf(batches);
        anchored = Set.copyOf(anchored);
    }

    @Override
    public List<EpochEvent> decide(EpochCommand command) {
        return switch (command) {
            case OpenEpoch c -> open(c);
            case ComputeRewards c -> compute(c);
            case BatchSettlements c -> batch(c);
            case AnchorSettlement c -> anchor(c);
            case RootWithdrawals c -> rootWithdrawals(c);
            case AnchorWithdrawals c -> anchorWithdrawals(c);
            case CloseEpoch c -> close(c);
        };
    }

    private List<EpochEvent> open(OpenEpoch c) {
        if (opened != null) {
            return List.of();
        }
        List<Candidate> sorted = c.eligible().stream()
                .sorted((a, b) -> a.checker().compareTo(b.checker()))
                .toList();
        return List.of(new EpochOpened(
                c.epoch(),
                c.startsAt(),
                c.endsAt(),
                c.blockNumber(),
                c.blockHash(),
                sorted,
                Candidate.digest(sorted),
                c.at()));
    }

    private List<EpochEvent> compute(ComputeRewards c) {
        Refused.unless(opened != null, Reason.NOT_FOUND, "epoch " + c.epoch() + " has not opened");
        RewardStatement s = c.statement();
        if (rewards != null) {
            Refused.unless(
                    rewards.root().equals(s.root()), Reason.WRONG_STATE, "the epoch's rewards are fixed otherwise");
            return List.of();
        }
        Refused.unless(s.balanced(), Reason.WRONG_STATE, "the statement of epoch " + c.epoch() + " does not add up");
        return List.of(new RewardsComputed(
                c.epoch(),
                s.formulaVersion(),
                s.clientCost(),
                s.providerEmission(),
                s.checkerEmission(),
                s.protocolFee(),
                s.accounts().size(),
                s.root(),
                c.at()));
    }

    private List<EpochEvent> batch(BatchSettlements c) {
        if (batches.contains(c.batch())) {
            return List.of();
        }
        Refused.unless(
                rewards != null && closedHead == null, Reason.WRONG_STATE, "the epoch takes no batch in this state");
        boolean size = c.batch().count() >= 1 && c.batch().count() <= Limits.BATCH_LEAVES;
        Refused.unless(size, Reason.INVALID_SPEC, "a batch has 1 to " + Limits.BATCH_LEAVES + " leaves");
        if (!batches.isEmpty()) {
            ChainHead head = batches.getLast().head();
            boolean continues =
                    c.batch().seq() == head.seq() + 1 && c.batch().previous().equals(head.head());
            Refused.unless(continues, Reason.WRONG_STATE, "the batch does not continue " + head);
        }
        return List.of(new SettlementBatched(c.epoch(), c.batch(), c.at()));
    }

    private List<EpochEvent> anchor(AnchorSettlement c) {
        boolean known = batches.stream().anyMatch(batch -> batch.seq() == c.seq());
        Refused.unless(known, Reason.NOT_FOUND, "epoch " + c.epoch() + " has no batch " + c.seq());
        return anchored.contains(c.seq())
                ? List.of()
                : List.of(new SettlementAnchored(c.epoch(), c.seq(), c.transaction(), c.block(), c.at()));
    }

    private List<EpochEvent> close(CloseEpoch c) {
        if (closedHead != null) {
            return List.of();
        }
        Refused.unless(rewards != null, Reason.WRONG_STATE, "the epoch's rewards are not computed");
        boolean fits = batches.isEmpty() || batches.getLast().head().equals(c.head());
        Refused.unless(fits, Reason.WRONG_STATE, "the head is not that of the last batch");
        return List.of(new EpochClosed(c.epoch(), c.head(), c.at()));
    }

    private List<EpochEvent> rootWithdrawals(RootWithdrawals c) {
        if (c.payout().equals(payout)) {
            return List.of();
        }
        ChainHead head = closedHead;
        if (head == null) {
            throw new Refused(Reason.WRONG_STATE, "epoch " + c.epoch() + " is not closed");
        }
        Refused.unless(payout == null, Reason.WRONG_STATE, "the epoch's root of withdrawals is fixed otherwise");
        boolean fits = c.payout().seq() == head.seq() && c.payout().count() >= 1;
        Refused.unless(fits, Reason.WRONG_STATE, "the root does not stand on the epoch's last batch " + head.seq());
        return List.of(new WithdrawalsRooted(c.epoch(), c.payout(), c.at()));
    }

    private List<EpochEvent> anchorWithdrawals(AnchorWithdrawals c) {
        boolean known = payout != null && payout.number() == c.number();
        Refused.unless(known, Reason.NOT_FOUND, "epoch " + c.epoch() + " has no root of withdrawals " + c.number());
        return payoutAnchored
                ? List.of()
                : List.of(new WithdrawalsAnchored(c.epoch(), c.number(), c.transaction(), c.block(), c.at()));
    }

    @Override
    public boolean isOver() {
        return closedHead != null && anchored.size() == batches.size();
    }

    @Override
    public Epoch evolve(EpochEvent event) {
        return switch (event) {
            case EpochOpened e -> new Epoch(e, null, List.of(), Set.of(), null, null, false);
            case RewardsComputed e -> new Epoch(opened, e, batches, anchored, closedHead, payout, payoutAnchored);
            case SettlementBatched e -> {
                List<Batch> more = new ArrayList<>(batches);
                more.add(e.batch());
                yield new Epoch(opened, rewards, more, anchored, closedHead, payout, payoutAnchored);
            }
            case SettlementAnchored e -> {
                Set<Long> more = new HashSet<>(anchored);
                more.add(e.seq());
                yield new Epoch(opened, rewards, batches, more, closedHead, payout, payoutAnchored);
            }
            case EpochClosed e -> new Epoch(opened, rewards, batches, anchored, e.head(), payout, payoutAnchored);
            case WithdrawalsRooted e ->
                new Epoch(opened, rewards, batches, anchored, closedHead, e.payout(), payoutAnchored);
            case WithdrawalsAnchored e -> new Epoch(opened, rewards, batches, anchored, closedHead, payout, true);
        };
    }
}
