package io.athanor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.stake.StakePoolEvent.StakeFrozen;
import io.athanor.domain.stake.StakePoolEvent.StakeUnfrozen;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What earlier programs wrote is judged by the rules of its time, and what is written now by those of now. */
class EarlierRulesTest {
    private static final Instant AT = Samples.at(1_000);

    private final Samples samples = new Samples(3);
    private final Wallet accused = samples.wallet();
    private final List<String> problems = new ArrayList<>();
    private final World world = new World();

    private Offence equivocation() {
        return new Offence.Equivocation(
                PoolId.ofChecker(accused),
                samples.wallet(),
                report(Finding.Fact.ONLINE),
                report(Finding.Fact.OFFLINE),
                AT);
    }

    private SignedReport report(Finding.Fact fact) {
        Finding finding = new Finding("m", fact, samples.hash(), 3, 1);
        RoundId round = new RoundId(12, RoundId.Kind.LIVENESS, 0, 0);
        return new SignedReport(new Report(round, accused, List.of(finding), Sha256.of(new byte[] {1})), "0x");
    }

    private List<String> decided(boolean earlier, Event event) {
        DecisionCheck check = new DecisionCheck();
        check.look(world, new ParametersActivated(1, Profiles.load("devnet"), 0, Samples.START), problem -> {});
        world.earlier = earlier;
        check.look(world, event, problems::add);
        return List.copyOf(problems);
    }

    private AppealLodged appeal(Offence offence) {
        return new AppealLodged(
                offence.caseId(),
                Ath.ofWhole(100),
                "both were one probe",
                AT.plusSeconds(600),
                samples.authorization(accused),
                AT.plusSeconds(1));
    }

    @Test
    void anOpenCaseCouldBeAppealedOnce() {
        Offence offence = equivocation();
        world.fold(new CaseOpened(offence.caseId(), offence, 500, Ath.ofWhole(5), 3, 1, null, AT));
        AppealLodged appeal = appeal(offence);
        assertThat(decided(true, appeal)).isEmpty();
        assertThat(decided(false, appeal)).singleElement().asString().contains("WRONG_STATE");
        problems.clear();
        world.fold(new StayBegun(offence.caseId(), AT.plusSeconds(60), AT));
        assertThat(decided(false, appeal)).isEmpty();
        world.fold(appeal);
        assertThat(decided(true, appeal)).as("there is one appeal").hasSize(1);
    }

    @Test
    void aClosedCaseCouldFreezeAgain() {
        PoolId pool = PoolId.ofChecker(accused);
        CaseId id = new CaseId(samples.uuid());
        StakeFrozen frozen = new StakeFrozen(pool, id, Ath.ofWhole(5), 0, AT);
        world.fold(new NetworkBegun(7, samples.wallet(), samples.wallet(), Samples.START, Samples.START));
        world.fold(new ParametersActivated(1, Profiles.load("devnet"), 0, Samples.START));
        assertThat(stake(false, frozen)).isEmpty();
        world.fold(frozen);
        world.fold(new StakeUnfrozen(pool, id, AT));
        assertThat(stake(true, frozen)).isEmpty();
        assertThat(stake(false, frozen)).containsExactly("the pool decides [] here");
    }

    private List<String> stake(boolean earlier, Event event) {
        world.earlier = earlier;
        new StakeCheck().look(world, event, problems::add);
        return List.copyOf(problems);
    }

    @Test
    void noHistoryGoesBackToAnEarlierRevision() {
        AppealLodged appeal = appeal(equivocation());
        Revisions revisions = new Revisions();
        assertThat(revisions.isEarlier(line(appeal, 1), appeal, problems::add)).isTrue();
        assertThat(revisions.isEarlier(line(appeal, 2), appeal, problems::add)).isFalse();
        assertThat(problems).isEmpty();
        assertThat(revisions.isEarlier(line(appeal, 1), appeal, problems::add)).isFalse();
        assertThat(problems).containsExactly("revision 1 of the event comes after revision 2");
    }

    private static ExportLine line(Event event, int revision) {
        return new ExportLine(
                "1",
                "sample",
                event.stream(),
                0,
                EventCatalogue.nameOf(event.getClass()),
                revision,
                Json.mapper().valueToTree(event),
                Json.mapper().createObjectNode(),
                event.at());
    }
}
