package io.athanor.audit;

import static io.athanor.domain.testing.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.ProposalEvent.ProposalExecuted;
import io.athanor.domain.governance.ProposalEvent.ProposalQueued;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalEvent.ProposalTallied;
import io.athanor.domain.governance.ProposalEvent.VotingOpened;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.governance.Tally;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.Economy.Upgrades;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.protocol.ProtocolEvent.UpgradePostponed;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An operator who waits: what was due is told once, two epochs later. */
class DueDecisionCheckTest {
    private final Samples samples = new Samples(12);
    private final ProposalId id = new ProposalId(samples.uuid());
    private final Wallet proposer = samples.wallet();
    private final UpgradeNetwork measure = new UpgradeNetwork("0.2.0", samples.sha256(), 8);
    private final ProtocolParameters parameters = counting();
    private final long epochMillis = parameters.timing().epochMillis();
    private final int epochsPerDay = parameters.timing().epochsPerDay();
    private final World world = new World();
    private final DueDecisionCheck check = new DueDecisionCheck();
    private final List<String> problems = new ArrayList<>();
    private final List<Event> said = new ArrayList<>();

    private static ProtocolParameters counting() {
        ProtocolParameters first = SampleParameters.get();
        Economy e = first.economics();
        return first.withEconomy(new Economy(
                e.delegation(), e.governance().with(null, new Upgrades(6_667, 1, 3)), e.earnings(), e.emergency()));
    }

    private void say(Event... events) {
        for (Event event : events) {
            said.add(event);
            check.look(world, event, problems::add);
            world.fold(event);
        }
    }

    private void begin() {
        say(
                new NetworkBegun(31_337, samples.wallet(), samples.wallet(), START, START),
                new ParametersActivated(1, parameters, 0, START));
    }

    private Instant startOf(long epoch) {
        return START.plusMillis(epoch * epochMillis);
    }

    /** At their time. */
    private void open(long from, long to) {
        for (long epoch = from; epoch <= to; epoch++) {
            open(epoch, startOf(epoch).plusMillis(100));
        }
    }

    private void open(long epoch, Instant at) {
        say(new EpochOpened(
                epoch, startOf(epoch), startOf(epoch + 1), epoch, samples.hash(), List.of(), samples.hash(), at));
    }

    private void announce() {
        begin();
        say(new UpgradeAnnounced(id, "0.2.0", measure.artifact(), 8, START));
    }

    @Test
    void anUpgradeThatNobodyDecidesIsFound() {
        announce();
        open(6, 10);
        assertThat(problems).as("two epochs may pass").isEmpty();
        open(11, 30);
        assertThat(problems)
                .singleElement()
                .satisfies(what -> assertThat(what).contains("the upgrade of proposal " + id + " of epoch 8 is due"));
    }

    @Test
    void whoSignsBatchesLooksAtWhatHappenedAlone() {
        announce();
        open(6, 12);
        assertThat(delays(new Replay(Integer.MAX_VALUE))).isEqualTo(1);
        assertThat(delays(new Replay(Integer.MAX_VALUE).withoutDelays())).isZero();
    }

    private long delays(Replay replay) {
        for (int i = 0; i < said.size(); i++) {
            Event event = said.get(i);
            replay.accept(new ExportLine(
                    Integer.toString(i + 1),
                    "made",
                    event.stream(),
                    i,
                    EventCatalogue.nameOf(event.getClass()),
                    EventCatalogue.revisionOf(event.getClass()),
                    Json.mapper().valueToTree(event),
                    Json.mapper().createObjectNode(),
                    event.at()));
        }
        return replay.result().problems().stream()
                .filter(problem -> problem.what().contains("is due since"))
                .count();
    }

    @Test
    void oneThatIsDecidedIsNotEvenIfItIsPutOff() {
        announce();
        open(6, 10);
        Readiness none = new Readiness(0, 1, Ath.ZERO, Ath.ofWhole(1));
        say(new UpgradePostponed(id, 10, 40, none, none.says(6_667), startOf(10)));
        open(11, 42);
        assertThat(problems).isEmpty();
        open(43, 44);
        assertThat(problems).singleElement().satisfies(what -> assertThat(what).contains("of epoch 40"));
    }

    @Test
    void afterAnOutageTheManyEpochsThatOpenAtOnceAreNoDelay() {
        announce();
        open(6, 7);
        for (long epoch = 8; epoch < 30; epoch++) {
            open(epoch, startOf(30));
        }
        assertThat(problems).isEmpty();
        open(30, 33);
        assertThat(problems).hasSize(1);
    }

    private ProposalQueued passed(long day) {
        begin();
        Tally tally = new Tally(Ath.ofWhole(1), Ath.ofWhole(1), Ath.ZERO, Ath.ZERO, Ath.ZERO);
        say(
                new ProposalSubmitted(
                        id,
                        proposer,
                        "Programs",
                        measure,
                        Ath.ofWhole(1),
                        Ath.ofWhole(1),
                        parameters.economics().governance(),
                        0,
                        0,
                        samples.authorization(proposer),
                        START),
                new VotingOpened(id, Ath.ofWhole(1), day, START));
        open(1, day * epochsPerDay);
        assertThat(problems).isEmpty();
        say(new ProposalTallied(id, tally, Tally.Result.PASSED, startOf(day * epochsPerDay)));
        return new ProposalQueued(id, day + 1, startOf(day * epochsPerDay));
    }

    @Test
    void aPassedVoteThatNobodyExecutesIsFound() {
        say(passed(1));
        long due = 2L * epochsPerDay;
        open(epochsPerDay + 1, due + 2);
        assertThat(problems).isEmpty();
        open(due + 3, due + 20);
        assertThat(problems)
                .singleElement()
                .satisfies(what -> assertThat(what).contains("the execution of proposal " + id + " is due"));
    }

    @Test
    void oneThatIsExecutedIsNot() {
        say(passed(1));
        long due = 2L * epochsPerDay;
        open(epochsPerDay + 1, due);
        say(new ProposalExecuted(id, 2, startOf(due)));
        open(due + 1, due + 20);
        assertThat(problems).isEmpty();
    }

    @Test
    void aVoteThatNobodyCountsIsFound() {
        passed(1);
        open(epochsPerDay + 1, epochsPerDay + 3);
        assertThat(problems)
                .singleElement()
                .satisfies(what -> assertThat(what).contains("the count of proposal " + id + " is due"));
    }
}
