package io.athanor.domain.epoch;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Wallet;
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
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.SampleEpoch;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochTest {
    private final Samples samples = new Samples(14);
    private final Hash32 block = samples.hash();
    private final List<Candidate> eligible =
            samples.wallets(3).stream().map(EpochTest::candidate).toList();
    private final OpenEpoch open = new OpenEpoch(7, at(0), at(10), 99, block, eligible, at(1));
    private final RewardStatement statement = RewardFormula.compute(
            SampleEpoch.facts(samples, 7, 2_000, Ath.ofWhole(1_000_000), Ath.ofWhole(1_000_000)),
            SampleParameters.get());
    private final Scenario<Epoch, EpochCommand, EpochEvent> opened =
            Scenario.epoch().done(open);
    private final Scenario<Epoch, EpochCommand, EpochEvent> computed =
            opened.done(new ComputeRewards(7, statement, at(12)));
    private final Batch first = new Batch(5, samples.hash(), samples.hash(), 2, Ath.ofWei(9));
    private final Batch second = new Batch(6, first.head().head(), samples.hash(), 2, Ath.ofWei(9));

    private static Candidate candidate(Wallet wallet) {
        return new Candidate(wallet, wallet, "o", "n", Ath.ofWhole(10_000));
    }

    private static BatchSettlements batch(Batch batch) {
        return new BatchSettlements(7, batch, at(13));
    }

    private static CloseEpoch close(ChainHead head) {
        return new CloseEpoch(7, head, at(14));
    }

    @Test
    void anEpochOpensOnceWithTheWeightsInOrder() {
        List<Candidate> sorted = eligible.stream()
                .sorted((a, b) -> a.checker().compareTo(b.checker()))
                .toList();
        Scenario.epoch()
                .when(open)
                .events(new EpochOpened(7, at(0), at(10), 99, block, sorted, Candidate.digest(eligible), at(1)))
                .when(open)
                .nothing();
    }

    @Test
    void rewardsAreComputedOnce() {
        opened.when(new ComputeRewards(7, statement, at(12)))
                .events(new RewardsComputed(
                        7,
                        1,
                        statement.clientCost(),
                        statement.providerEmission(),
                        statement.checkerEmission(),
                        statement.protocolFee(),
                        statement.accounts().size(),
                        statement.root(),
                        at(12)))
                .when(new ComputeRewards(7, statement, at(12)))
                .nothing();
        computed.when(new ComputeRewards(7, withRoot(samples.hash()), at(12))).refused(Reason.WRONG_STATE, "fixed");
        Scenario.epoch().when(new ComputeRewards(7, statement, at(12))).refused(Reason.NOT_FOUND);
    }

    @Test
    void aStatementThatDoesNotAddUpIsRefused() {
        opened.when(new ComputeRewards(7, withRoot(samples.hash()), at(12))).refused(Reason.WRONG_STATE, "add up");
    }

    private RewardStatement withRoot(Hash32 root) {
        return new RewardStatement(
                1,
                statement.clientCost(),
                statement.providerEmission(),
                statement.checkerEmission(),
                statement.protocolFee(),
                statement.accounts(),
                root);
    }

    @Test
    void batchesAreAChain() {
        var one = computed.when(batch(first)).events(new SettlementBatched(7, first, at(13)));
        one.when(batch(first)).nothing();
        one.when(batch(second)).events(new SettlementBatched(7, second, at(13)));
        Batch gap = new Batch(7, first.head().head(), samples.hash(), 2, Ath.ofWei(9));
        one.when(batch(gap)).refused(Reason.WRONG_STATE, "continue");
        Batch fork = new Batch(6, samples.hash(), samples.hash(), 2, Ath.ofWei(9));
        one.when(batch(fork)).refused(Reason.WRONG_STATE, "continue");
        opened.when(batch(first)).refused(Reason.WRONG_STATE);
    }

    @Test
    void aBatchHasOneToSoManyLeaves() {
        Batch empty = new Batch(5, first.previous(), first.root(), 0, Ath.ZERO);
        computed.when(batch(empty)).refused(Reason.INVALID_SPEC);
        Batch full = new Batch(5, first.previous(), first.root(), Limits.BATCH_LEAVES, Ath.ZERO);
        computed.when(batch(full)).events(new SettlementBatched(7, full, at(13)));
        Batch over = new Batch(5, first.previous(), first.root(), Limits.BATCH_LEAVES + 1, Ath.ZERO);
        computed.when(batch(over)).refused(Reason.INVALID_SPEC);
    }

    @Test
    void aBatchIsAnchoredOnceAlsoAfterClosing() {
        AnchorSettlement anchor = new AnchorSettlement(7, 5, block, 120, at(20));
        var closed = computed.done(batch(first), close(first.head()));
        closed.when(anchor)
                .events(new SettlementAnchored(7, 5, block, 120, at(20)))
                .when(anchor)
                .nothing();
        computed.when(anchor).refused(Reason.NOT_FOUND);
        closed.when(new AnchorSettlement(7, 6, block, 120, at(20))).refused(Reason.NOT_FOUND);
    }

    @Test
    void anEpochClosesOnceAtItsHead() {
        var batched = computed.done(batch(first));
        batched.when(close(second.head())).refused(Reason.WRONG_STATE, "head");
        var closed = batched.when(close(first.head())).events(new EpochClosed(7, first.head(), at(14)));
        closed.when(close(first.head())).nothing();
        closed.when(batch(second)).refused(Reason.WRONG_STATE);
        opened.when(close(first.head())).refused(Reason.WRONG_STATE);
        assertThat(computed.done(close(ChainHead.GENESIS)).state().closedHead()).isEqualTo(ChainHead.GENESIS);
    }

    @Test
    void withdrawalsAreRootedOnceAfterClosingAndAnchoredOnce() {
        var closed = computed.done(batch(first)).done(close(first.head()));
        Payout payout = new Payout(1, samples.hash(), 3, Ath.ofWei(9), first.seq());
        RootWithdrawals root = new RootWithdrawals(7, payout, at(15));
        closed.when(root)
                .events(new WithdrawalsRooted(7, payout, at(15)))
                .when(root)
                .nothing();
        computed.when(root).refused(Reason.WRONG_STATE, "not closed");
        Payout elsewhere = new Payout(1, payout.root(), 3, Ath.ofWei(9), first.seq() + 1);
        closed.when(new RootWithdrawals(7, elsewhere, at(15))).refused(Reason.WRONG_STATE, "last batch");

        var rooted = closed.done(root);
        Payout other = new Payout(1, samples.hash(), 3, Ath.ofWei(9), first.seq());
        rooted.when(new RootWithdrawals(7, other, at(16))).refused(Reason.WRONG_STATE, "otherwise");
        AnchorWithdrawals anchor = new AnchorWithdrawals(7, 1, Hash32.ZERO, 40, at(17));
        rooted.when(anchor)
                .events(new WithdrawalsAnchored(7, 1, Hash32.ZERO, 40, at(17)))
                .when(anchor)
                .nothing();
        rooted.when(new AnchorWithdrawals(7, 2, Hash32.ZERO, 40, at(17))).refused(Reason.NOT_FOUND);
        closed.when(anchor).refused(Reason.NOT_FOUND);
    }
}
