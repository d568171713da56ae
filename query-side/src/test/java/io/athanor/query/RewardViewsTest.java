package io.athanor.query;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.authorization;
import static io.athanor.query.testing.Ids.job;
import static io.athanor.query.testing.Ids.wallet;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.query.Queries.FindAccount;
import io.athanor.domain.query.Queries.ListRewards;
import io.athanor.domain.stake.StakePoolEvent.PoolRewarded;
import io.athanor.domain.stake.StakePoolEvent.RewardClaimed;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RewardLineView;
import io.athanor.query.testing.Jobs;
import io.athanor.query.testing.Network;
import io.athanor.query.testing.TestNode;
import java.math.BigInteger;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Statements: every term of what a wallet earned, shared, locked and freed. */
@Tag("postgres")
class RewardViewsTest {
    private static final Wallet CLIENT = wallet(100);

    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start();
        List<TaskId> tasks = Jobs.tasks(job(1), 2);
        node.append(Network.genesis());
        node.append(List.of(Network.deposit(CLIENT, 1, Ath.ofWhole(50)), Network.openEpoch(0)));
        node.append(Jobs.submit(job(1), CLIENT, 2, 1_000));
        node.show(
                Network.settle(0, CLIENT, tasks, ChainHead.GENESIS, 100, 9_000).subList(0, 3));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private AccountView provider() {
        return node.find(new FindAccount(Jobs.PROVIDER), AccountView.class).orElseThrow();
    }

    private List<RewardLineView> statement(Long epoch) {
        return node.<RewardLineView>page(new ListRewards(Jobs.PROVIDER, epoch, null, 100))
                .items();
    }

    @Test
    void theTermsOfAStatementAddUpToWhatWasEarned() {
        assertThat(Ath.sum(statement(0L).stream().map(RewardLineView::amount).toList()))
                .isEqualTo(provider().earned());
        assertThat(statement(99L)).isEmpty();
    }

    @Test
    void aTermShowsWhatItIsAPartOf() {
        Basis basis = new Basis(Ath.ofWei(100), BigInteger.TWO, BigInteger.valueOf(5), Ath.ofWei(30));
        EarningLine term = new EarningLine(EarningLine.Kind.PROOF_OF_DELIVERY, "a task", Ath.ofWei(21), basis);
        EarningLine old = new EarningLine(EarningLine.Kind.CHECKER_BASE, "3 rounds", Ath.ofWei(7));
        node.show(List.of(new EarningsCredited(Jobs.PROVIDER, 98, List.of(term, old), at(9_700))));
        List<RewardLineView> lines = statement(98L);
        assertThat(lines).extracting(RewardLineView::basis).containsExactlyInAnyOrder(basis, null);
        assertThat(lines).extracting(RewardLineView::toDelegators).containsExactlyInAnyOrder(Ath.ofWei(9), null);
    }

    @Test
    void whatIsLockedIsVestingAndNotAvailable() {
        Ath before = provider().available();
        node.show(List.of(new EarningsVested(Jobs.PROVIDER, 0, 2, 180, Ath.ofWei(1_000), Ath.ofWei(300), at(9_600))));
        assertThat(provider().vesting()).isEqualTo(Ath.ofWei(700));
        assertThat(provider().available()).isEqualTo(before.minus(Ath.ofWei(700)));
        Page<RewardLineView> newest = node.page(new ListRewards(Jobs.PROVIDER, null, null, 2));
        assertThat(newest.items()).extracting(RewardLineView::kind).containsExactly("FREED", "LOCKED");
        Page<RewardLineView> older = node.page(new ListRewards(Jobs.PROVIDER, null, newest.next(), 2));
        assertThat(older.items()).extracting(RewardLineView::kind).doesNotContain("FREED", "LOCKED");
    }

    @Test
    void whatAPenaltyTookOfItStandsInTheStatement() {
        CaseId penalty = new CaseId(new UUID(0, 5));
        node.show(List.of(
                new EarningsVested(Jobs.PROVIDER, 0, 2, 180, Ath.ofWei(1_000), Ath.ofWei(300), at(9_600)),
                new VestingSlashed(Jobs.PROVIDER, penalty, Ath.ofWei(900), 2, Ath.ofWei(600), at(9_601))));
        assertThat(provider().vesting()).isEqualTo(Ath.ofWei(100));
        Page<RewardLineView> newest = node.page(new ListRewards(Jobs.PROVIDER, null, null, 1));
        RewardLineView line = newest.items().getFirst();
        assertThat(line.kind()).isEqualTo("SLASHED");
        assertThat(line.source()).isEqualTo(penalty.toString());
        assertThat(line.amount()).isEqualTo(Ath.ofWei(600));
    }

    /** A delegator's own: what its pool owed it until then, whatever epochs it came in. */
    @Test
    void whatADelegatorClaimedStandsInItsOwnStatement() {
        PoolId pool = PoolId.ofProvider(Jobs.PROVIDER);
        node.show(List.of(new RewardClaimed(pool, CLIENT, Ath.ofWei(17), authorization(CLIENT, 40), at(9_800))));
        Page<RewardLineView> page = node.page(new ListRewards(CLIENT, null, null, 100));
        assertThat(page.items()).singleElement().satisfies(line -> {
            assertThat(line.kind()).isEqualTo("CLAIMED");
            assertThat(line.source()).isEqualTo(pool.toString());
            assertThat(line.amount()).isEqualTo(Ath.ofWei(17));
        });
        assertThat(statement(0L)).extracting(RewardLineView::kind).doesNotContain("CLAIMED");
    }

    @Test
    void whatDelegatorsGotStandsInTheirOperatorsStatement() {
        PoolId pool = PoolId.ofProvider(Jobs.PROVIDER);
        node.show(List.of(new PoolRewarded(pool, 0, 0, Ath.ofWei(42), at(9_700))));
        RewardLineView line = statement(0L).getFirst();
        assertThat(line.kind()).isEqualTo("TO_DELEGATORS");
        assertThat(line.source()).isEqualTo(pool.toString());
        assertThat(line.amount()).isEqualTo(Ath.ofWei(42));
    }
}
