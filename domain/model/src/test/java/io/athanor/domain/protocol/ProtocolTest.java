package io.athanor.domain.protocol;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.Economy.Upgrades;
import io.athanor.domain.protocol.ProtocolCommand.ActivateParameters;
import io.athanor.domain.protocol.ProtocolCommand.AnnounceUpgrade;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import io.athanor.domain.protocol.ProtocolCommand.CreditReserve;
import io.athanor.domain.protocol.ProtocolCommand.DecideUpgrade;
import io.athanor.domain.protocol.ProtocolCommand.PauseNetwork;
import io.athanor.domain.protocol.ProtocolCommand.RegisterNode;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolCommand.ScheduleParameters;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.NodeRegistered;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ParametersScheduled;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolTest {
    private final Samples samples = new Samples(11);
    private final Wallet vault = samples.wallet();
    private final Wallet log = samples.wallet();
    private final ProtocolParameters first = SampleParameters.get();
    private final ProtocolParameters second = SampleParameters.with(SampleParameters.reward(1_000, 900_000, 1_000_000));
    private final ProtocolParameters third = SampleParameters.with(SampleParameters.reward(500, 900_000, 1_000_000));
    private final Scenario<Protocol, ProtocolCommand, ProtocolEvent> begun =
            Scenario.protocol().done(begin(31_337, vault));

    private BeginNetwork begin(long chainId, Wallet vaultAddress) {
        return new BeginNetwork(chainId, vaultAddress, log, at(0), first, at(0));
    }

    @Test
    void aNetworkBeginsOnce() {
        Scenario.protocol()
                .when(begin(31_337, vault))
                .events(
                        new NetworkBegun(31_337, vault, log, at(0), at(0)),
                        new ParametersActivated(1, first, 0, at(0)));
        begun.when(begin(31_337, vault)).nothing();
        begun.when(begin(1, vault)).refused(Reason.WRONG_STATE, "chain id");
        begun.when(begin(31_337, log)).refused(Reason.WRONG_STATE, "vault");
        begun.when(new BeginNetwork(31_337, vault, vault, at(0), first, at(0)))
                .refused(Reason.WRONG_STATE, "settlement log");
    }

    @Test
    void aReserveIsCreditedOnce() {
        CreditReserve credit = new CreditReserve(1, Reserve.PROVIDER, Ath.ofWhole(5), Hash32.ZERO, 2, at(1));
        begun.when(credit)
                .events(new ReserveCredited(1, Reserve.PROVIDER, Ath.ofWhole(5), Hash32.ZERO, 2, at(1)))
                .when(credit)
                .nothing();
    }

    @Test
    void anUpgradeIsNotDecidedBeforeItsEpochNorWithoutRules() {
        Economy economy = first.economics();
        ProtocolParameters counting = first.withEconomy(new Economy(
                economy.delegation(), economy.governance().with(null, new Upgrades(6_667, 1, 0)), economy.earnings()));
        AnnounceUpgrade announce =
                new AnnounceUpgrade(new ProposalId(samples.uuid()), "0.2.0", samples.sha256(), 8, at(1));
        Readiness enough = new Readiness(2, 3, Ath.ofWhole(2), Ath.ofWhole(2));
        DecideUpgrade decide = new DecideUpgrade(8, new Readiness(20_001, 30_000, Ath.ZERO, Ath.ZERO), at(2));
        begun.done(announce).when(decide).refused(Reason.WRONG_STATE, "no upgrade");
        var announced =
                Scenario.protocol().done(new BeginNetwork(31_337, vault, log, at(0), counting, at(0)), announce);
        announced.when(new DecideUpgrade(7, enough, at(2))).refused(Reason.TOO_EARLY, "epoch 8");
        assertThat(announced.done(new DecideUpgrade(8, enough, at(2))).state().progress())
                .isEqualTo(new UpgradeProgress(UpgradeProgress.Stage.CANCELLED, 0, 0, enough.says(6_667)));
        var active = announced.done(decide);
        assertThat(active.state().progress()).isEqualTo(new UpgradeProgress(UpgradeProgress.Stage.ACTIVE, 8, 0, null));
        active.when(decide).refused(Reason.WRONG_STATE, "no upgrade");
    }

    @Test
    void parametersAreScheduledAndActivatedAtTheirEpoch() {
        var scheduled = begun.when(new ScheduleParameters(second, 8, at(1)))
                .events(new ParametersScheduled(2, second, 8, at(1)));
        scheduled.when(new ScheduleParameters(second, 8, at(2))).nothing();
        scheduled.when(new ScheduleParameters(third, 9, at(2))).refused(Reason.WRONG_STATE, "already");
        scheduled.when(new ActivateParameters(7, at(3))).nothing();
        scheduled
                .when(new ActivateParameters(8, at(3)))
                .events(new ParametersActivated(2, second, 8, at(3)))
                .when(new ActivateParameters(8, at(3)))
                .nothing();
        begun.when(new ScheduleParameters(first, 8, at(1))).nothing();
        begun.when(new ScheduleParameters(second, 0, at(1))).refused(Reason.WRONG_STATE, "since epoch 0");
    }

    @Test
    void parametersBeyondABoundAreRefused() {
        ProtocolParameters greedy = SampleParameters.with(SampleParameters.reward(3_001, 900_000, 1_000_000));
        begun.when(new ScheduleParameters(greedy, 8, at(1)))
                .refused(Reason.PARAMETER_OUT_OF_BOUNDS, "reward.protocolFeeBps");
        Scenario.protocol()
                .when(new BeginNetwork(1, vault, log, at(0), greedy, at(0)))
                .refused(Reason.PARAMETER_OUT_OF_BOUNDS);
    }

    @Test
    void nothingIsInForceBeforeTheNetworkBegins() {
        assertThatThrownBy(Protocol.EMPTY::current).isInstanceOf(Refused.class);
        Scenario.protocol().when(new ScheduleParameters(second, 8, at(1))).refused(Reason.WRONG_STATE);
    }

    @Test
    void anEpochKeepsTheVersionItBeganWith() {
        ParametersActivated one = new ParametersActivated(1, first, 0, at(0));
        ParametersActivated two = new ParametersActivated(2, second, 8, at(1));
        ParametersActivated three = new ParametersActivated(3, third, 9, at(2));
        List<ParametersActivated> versions = List.of(one, two, three);
        assertThat(Protocol.versionOf(0, versions)).contains(one);
        assertThat(Protocol.versionOf(7, versions)).contains(one);
        assertThat(Protocol.versionOf(8, versions)).contains(two);
        assertThat(Protocol.versionOf(9, versions)).contains(three);
        assertThat(Protocol.versionOf(100, versions)).contains(three);
        assertThat(Protocol.versionOf(3, versions.subList(1, 3))).contains(two);
        assertThat(Protocol.versionOf(0, List.of())).isEmpty();
    }

    /** However late they come into force, epochs that have passed keep what they ran under. */
    @Test
    void parametersNeverReachBack() {
        var scheduled = begun.done(new ScheduleParameters(second, 8, at(1)));
        scheduled.when(new ActivateParameters(11, at(3))).events(new ParametersActivated(2, second, 11, at(3)));
    }

    @Test
    void theGuardianPausesForAWhileAndNotAgainBeforeAsLongATime() {
        Wallet guardian = samples.wallet();
        var guarded = Scenario.protocol().done(new BeginNetwork(31_337, vault, log, at(0), guardedBy(guardian), at(0)));
        long most = 3 * first.timing().dayMillis();
        PauseNetwork longest = pause(guardian, "a leak", most, at(10));
        Instant until = at(10).plusMillis(most);
        guarded.when(pause(samples.wallet(), "a leak", most, at(10))).refused(Reason.NOT_ALLOWED);
        guarded.when(pause(guardian, "a leak", most + 1, at(10))).refused(Reason.INVALID_SPEC, "1.." + most);
        guarded.when(pause(guardian, "a leak", 0, at(10))).refused(Reason.INVALID_SPEC);
        guarded.when(pause(guardian, " ", most, at(10))).refused(Reason.INVALID_SPEC, "why");
        guarded.when(longest).events(new NetworkPaused(guardian, "a leak", until, longest.authorization(), at(10)));
        var paused = guarded.done(longest);
        assertThat(paused.state().isPaused(until.minusMillis(1))).isTrue();
        assertThat(paused.state().isPaused(until)).isFalse();
        Instant next = until.plusMillis(most);
        paused.when(pause(guardian, "again", 1, next.minusMillis(1))).refused(Reason.WRONG_STATE, next.toString());
        assertThat(paused.done(pause(guardian, "again", 1, next)).state().isPaused(next))
                .isTrue();
    }

    @Test
    void theGuardianNamesTheNodesForWhichUpgradesWait() {
        Wallet guardian = samples.wallet();
        Wallet node = samples.wallet();
        var guarded = Scenario.protocol().done(new BeginNetwork(31_337, vault, log, at(0), guardedBy(guardian), at(0)));
        guarded.when(node(samples.wallet(), node, true)).refused(Reason.NOT_ALLOWED);
        guarded.when(node(guardian, node, false)).nothing();
        RegisterNode on = node(guardian, node, true);
        var one = guarded.when(on).events(new NodeRegistered(node, true, on.authorization(), at(3)));
        assertThat(one.state().nodes()).containsExactly(node);
        one.when(node(guardian, node, true)).nothing();
        RegisterNode off = node(guardian, node, false);
        var none = one.when(off).events(new NodeRegistered(node, false, off.authorization(), at(3)));
        assertThat(none.state().nodes()).isEmpty();
        begun.when(on).refused(Reason.NOT_ALLOWED, "no guardian");
        var full = guarded;
        for (int i = 0; i < Limits.NODES; i++) {
            full = full.done(node(guardian, samples.wallet(), true));
        }
        full.when(on).refused(Reason.LIMIT_REACHED);
    }

    private RegisterNode node(Wallet by, Wallet node, boolean active) {
        return new RegisterNode(node, active, samples.authorization(by), at(3));
    }

    @Test
    void whereThereIsNoGuardianNobodyPauses() {
        begun.when(pause(samples.wallet(), "a leak", 1, at(1))).refused(Reason.NOT_ALLOWED, "no guardian");
    }

    private PauseNetwork pause(Wallet by, String why, long millis, Instant at) {
        return new PauseNetwork(why, millis, samples.authorization(by), at);
    }

    private ProtocolParameters guardedBy(Wallet guardian) {
        Economy e = first.economics();
        return new ProtocolParameters(
                first.profile(),
                first.timing(),
                first.admission(),
                first.liveness(),
                first.sla(),
                first.committee(),
                first.reward(),
                first.stake(),
                first.market(),
                first.accountability(),
                new Economy(e.delegation(), e.governance(), e.earnings(), new Economy.Emergency(guardian, 3)));
    }
}
