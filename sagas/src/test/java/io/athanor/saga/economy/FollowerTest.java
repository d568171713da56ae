package io.athanor.saga.economy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.Milestone;
import io.athanor.domain.governance.ProposalCommand.SubmitProposal;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.query.Queries.DelegationsOf;
import io.athanor.domain.query.Queries.FindPool;
import io.athanor.domain.query.Queries.FindProposal;
import io.athanor.domain.query.Queries.FindVotingPower;
import io.athanor.domain.query.Queries.ListDelegations;
import io.athanor.domain.query.Queries.ListPools;
import io.athanor.domain.query.Queries.ListProposals;
import io.athanor.domain.stake.StakePoolCommand.Delegate;
import io.athanor.domain.stake.StakeRules;
import io.athanor.domain.view.PoolView;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.WrittenSet;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A node that does not run the routers answers about pools and proposals as the one that does. */
class FollowerTest {
    private static final ProposalId PROPOSAL = new ProposalId(new UUID(0, 7));
    private static final int ROWS = 10;
    private static final Ath BOND = Ath.ofWhole(50_000);

    private final SimNetwork network = new SimNetwork(8, Faults.NONE);
    private final Wallet operator = network.provider(1, BOND);
    private final PoolId pool = PoolId.ofProvider(operator);
    private final Wallet delegator = network.client(2);
    private final LiveSet own = new LiveSet(network.rows());

    private PoolQueries pools(Supplier<LiveSet> sets) {
        return new PoolQueries(sets, network::now);
    }

    private GovernanceQueries votes(Supplier<LiveSet> sets) {
        return new GovernanceQueries(sets, network::now);
    }

    private WrittenSet written() {
        return new WrittenSet(own, network.rows(), network.log()::head);
    }

    private void stakeAndPropose() {
        network.run(Duration.ofSeconds(1));
        network.send(new Delegate(
                pool,
                delegator,
                Ath.ofWhole(10),
                StakeRules.of(Samples.DEVNET),
                1,
                Samples.signed(delegator, 89),
                network.now()));
        network.send(new SubmitProposal(
                PROPOSAL,
                operator,
                "A dashboard",
                new FundCommunity(operator, "a dashboard", List.of(new Milestone("all", Ath.ofWhole(5), 0))),
                BOND,
                BOND,
                Objects.requireNonNull(network.live().network()).protocol().current(),
                1,
                1,
                Samples.signed(operator, 90),
                network.now()));
        network.run(Duration.ofSeconds(5));
        network.catchUp();
        own.load();
    }

    @Test
    void poolsAndDelegationsAreThoseOfTheLeader() {
        stakeAndPropose();
        PoolQueries here = pools(network::live);
        PoolQueries there = pools(written());
        PoolView view = there.find(new FindPool(pool));
        assertThat(view.selfBond()).isEqualTo(Ath.ofWhole(50_000));
        assertThat(view.delegated()).isEqualTo(Ath.ofWhole(10));
        assertThat(view).isEqualTo(here.find(new FindPool(pool)));
        assertThat(there.list(new ListPools(null, ROWS))).isEqualTo(here.list(new ListPools(null, ROWS)));
        assertThat(there.delegations(new ListDelegations(pool, null, ROWS)).items())
                .hasSize(2)
                .isEqualTo(
                        here.delegations(new ListDelegations(pool, null, ROWS)).items());
        assertThat(there.of(new DelegationsOf(delegator, null, ROWS)).items())
                .hasSize(1)
                .isEqualTo(here.of(new DelegationsOf(delegator, null, ROWS)).items());
        assertThat(own.ready()).as("the follower's own set").isFalse();
    }

    @Test
    void proposalsAndPowerAreThoseOfTheLeader() {
        stakeAndPropose();
        GovernanceQueries here = votes(network::live);
        GovernanceQueries there = votes(written());
        assertThat(there.find(new FindProposal(PROPOSAL))).isPresent().isEqualTo(here.find(new FindProposal(PROPOSAL)));
        assertThat(there.list(new ListProposals(null, ROWS))).isEqualTo(here.list(new ListProposals(null, ROWS)));
        FindVotingPower power = new FindVotingPower(operator, null);
        assertThat(there.power(power)).isEqualTo(here.power(power));
        assertThat(there.power(power).total()).isNotEqualTo(Ath.ZERO);
    }

    @Test
    void whereNobodyWritesTheRowsThereIsNoOldAnswer() {
        stakeAndPropose();
        PoolQueries behind = pools(new WrittenSet(own, network.rows(), () -> Long.MAX_VALUE));
        assertThatThrownBy(() -> behind.find(new FindPool(pool)))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
}
