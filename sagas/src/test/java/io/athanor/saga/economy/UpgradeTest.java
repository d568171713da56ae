package io.athanor.saga.economy;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.ProposalCommand.ReportReadiness;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.protocol.ProtocolCommand.RegisterNode;
import io.athanor.domain.protocol.ProtocolEvent.NodeRegistered;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeActivated;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeCancelled;
import io.athanor.domain.protocol.ProtocolEvent.UpgradePostponed;
import io.athanor.domain.query.Queries.FindProposal;
import io.athanor.domain.query.Queries.FindUpgrade;
import io.athanor.domain.view.ProposalView;
import io.athanor.domain.view.UpgradeView;
import io.athanor.saga.sim.Invariants;
import io.athanor.saga.sim.Samples;
import io.athanor.saga.sim.SimChecker;
import io.athanor.saga.sim.SimMachine;
import io.athanor.saga.sim.SimNetwork;
import io.athanor.saga.sim.SimNetwork.Faults;
import io.athanor.saga.sim.SimVote;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An upgrade that was voted for begins at an epoch's boundary, and only where enough of the network holds its programs. */
@Tag("sim")
class UpgradeTest {
    private static final Sha256 PROGRAMS = Sha256.of("programs".getBytes(StandardCharsets.UTF_8));
    private static final int CHECKERS = 7;
    private static final long EPOCH = 30;

    private final SimNetwork network = new SimNetwork(31, Faults.NONE);
    private final GovernanceQueries votes = new GovernanceQueries(network::live, network::now);
    private final ProposalId proposal = announced();

    /** A passed vote: announced, and to begin with epoch 30. */
    private ProposalId announced() {
        List<SimChecker> checkers = network.checkers(CHECKERS);
        SimMachine machine = network.machine(1, network.provider(1), 2, true);
        checkers.forEach(checker -> checker.sees(machine));
        ProposalId id = SimVote.on(network, 31, new UpgradeNetwork("0.2.0", PROGRAMS, EPOCH));
        network.run(Duration.ofSeconds(10 * (EPOCH - 3)));
        assertThat(network.all(UpgradeAnnounced.class)).hasSize(1);
        return id;
    }

    private void ready(String type, Object id) {
        network.send(new ReportReadiness(proposal, StreamId.of(type, id), PROGRAMS, "0x00", network.now()));
    }

    private void checkersReady(int from, int to) {
        IntStream.range(from, to).forEach(i -> ready(StreamId.CHECKER, Samples.wallet(100 + i)));
    }

    private UpgradeView seen() {
        ProposalView view = votes.find(new FindProposal(proposal)).orElseThrow();
        return Objects.requireNonNull(view.upgrade());
    }

    @Test
    void itIsPutOffUntilEnoughIsReady() {
        assertThat(votes.upgrade(new FindUpgrade(PROGRAMS)).map(ProposalView::id))
                .contains(proposal);
        ready(StreamId.MACHINE, Samples.machine(1));
        checkersReady(0, 4);
        checkersReady(0, 4);
        network.run(Duration.ofSeconds(1));
        assertThat(seen().stage()).isEqualTo("ANNOUNCED");
        assertThat(seen().capacityBps()).isEqualTo(10_000);
        assertThat(seen().stakeBps()).isEqualTo(10_000 * 4 / CHECKERS);
        network.run(Duration.ofSeconds(50));
        UpgradePostponed postponed = network.all(UpgradePostponed.class).getFirst();
        assertThat(postponed.epoch()).isEqualTo(EPOCH);
        assertThat(postponed.untilEpoch()).isEqualTo(EPOCH + 6);
        assertThat(postponed.why()).contains("5714 bps of the stake");
        assertThat(seen().why()).isEqualTo(postponed.why());
        assertThat(seen().postponed()).isEqualTo(1);

        checkersReady(4, 5);
        network.run(Duration.ofSeconds(70));
        UpgradeActivated activated = network.all(UpgradeActivated.class).getFirst();
        assertThat(activated.epoch()).isEqualTo(EPOCH + 6);
        assertThat(activated.artifact()).isEqualTo(PROGRAMS);
        assertThat(activated.readiness().readyStake())
                .isEqualTo(Samples.DEVNET.stake().checkerUnit().times(5));
        assertThat(seen().stage()).isEqualTo("ACTIVE");
        assertThat(network.all(UpgradePostponed.class)).hasSize(1);
        Invariants.ofReplay(network.log());
        assertThat(Invariants.problems(network.log(), event -> event.equals(activated) ? overstated(activated) : event))
                .anySatisfy(problem -> assertThat(problem).contains("opened with"));
        assertThat(Invariants.problems(network.log(), UpgradeTest::undecided))
                .anySatisfy(problem -> assertThat(problem).contains("of epoch " + EPOCH + " is due since"));
    }

    /** What an operator who waits would write instead. */
    private static Event undecided(Event event) {
        return event instanceof UpgradePostponed || event instanceof UpgradeActivated
                ? new NodeRegistered(Samples.wallet(900), true, Samples.signed(Samples.wallet(3), 8_004), event.at())
                : event;
    }

    /** What an operator in a hurry could write. */
    private static Event overstated(UpgradeActivated e) {
        Readiness r = e.readiness();
        Readiness more = new Readiness(r.readyPpm(), r.allPpm(), r.allStake(), r.allStake());
        return new UpgradeActivated(e.proposal(), e.version(), e.artifact(), e.epoch(), more, e.at());
    }

    private void register(Wallet node, boolean active, long number) {
        Wallet guardian = Objects.requireNonNull(Samples.DEVNET.economics().emergency(), "the profile has a guardian")
                .guardian();
        network.send(new RegisterNode(node, active, Samples.signed(guardian, number), network.now()));
    }

    private void enoughOfTheRest() {
        ready(StreamId.MACHINE, Samples.machine(1));
        checkersReady(0, CHECKERS);
    }

    /** Of two nodes that are registered one holds the programs; the other is taken off, since it will never come back. */
    @Test
    void itWaitsForEveryNodeThatIsRegistered() {
        Wallet one = Samples.wallet(900);
        Wallet gone = Samples.wallet(901);
        register(one, true, 8_001);
        register(gone, true, 8_002);
        enoughOfTheRest();
        ready(StreamId.NODE, one);
        network.run(Duration.ofSeconds(50));
        UpgradePostponed postponed = network.all(UpgradePostponed.class).getFirst();
        assertThat(postponed.epoch()).isEqualTo(EPOCH);
        assertThat(postponed.why()).contains("every node: 1 of 2 are ready");
        assertThat(seen().readiness().nodes()).isEqualTo(new Readiness.Nodes(1, 2));

        register(gone, false, 8_003);
        network.run(Duration.ofSeconds(70));
        UpgradeActivated activated = network.all(UpgradeActivated.class).getFirst();
        assertThat(activated.epoch()).isEqualTo(EPOCH + 6);
        assertThat(activated.readiness().nodes()).isEqualTo(new Readiness.Nodes(1, 1));
        Invariants.ofReplay(network.log());
    }

    /** Who is not registered is not waited for, whatever it says. */
    @Test
    void aNodeThatNobodyRegisteredDoesNotCount() {
        enoughOfTheRest();
        ready(StreamId.NODE, Samples.wallet(900));
        network.run(Duration.ofSeconds(50));
        UpgradeActivated activated = network.all(UpgradeActivated.class).getFirst();
        assertThat(activated.epoch()).isEqualTo(EPOCH);
        assertThat(activated.readiness().nodes()).isNull();
        Invariants.ofReplay(network.log());
    }

    @Test
    void itIsCalledOffWhereTooLittleIsReadyTooOften() {
        checkersReady(0, CHECKERS);
        network.run(Duration.ofMinutes(4));
        assertThat(network.all(UpgradePostponed.class))
                .extracting(UpgradePostponed::epoch)
                .containsExactly(EPOCH, EPOCH + 6, EPOCH + 12);
        UpgradeCancelled cancelled = network.all(UpgradeCancelled.class).getFirst();
        assertThat(cancelled.epoch()).isEqualTo(EPOCH + 18);
        assertThat(cancelled.why()).startsWith("0 bps of the capacity");
        assertThat(cancelled.readiness().readyStake()).isNotEqualTo(Ath.ZERO);
        assertThat(seen().stage()).isEqualTo("CANCELLED");
        assertThat(network.all(UpgradeActivated.class)).isEmpty();
        Invariants.ofReplay(network.log());
    }
}
