package io.athanor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.provider.ProviderEvent.SuspensionLifted;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an overturned case lifts, and no other does. */
class StandingCheckTest {
    private static final Instant AT = Samples.at(1_000);
    private static final Suspension.Terms TERMS = new Suspension.Terms(700, 3, 3_000);

    private final Samples samples = new Samples(3);
    private final Wallet accused = samples.wallet();
    private final World world = new World();
    private final StandingCheck check = new StandingCheck();
    private final List<String> problems = new ArrayList<>();

    /** Of a pool that another case had emptied: nothing was taken and nothing is restituted. */
    private List<String> lifting(Ruling ruling) {
        Offence offence = new Offence.Downtime(
                PoolId.ofProvider(accused), samples.machine(), AT, List.of(), Ath.ofWhole(5), List.of(), List.of());
        CaseId id = offence.caseId();
        RoundId appeal = new RoundId(13, RoundId.Kind.APPEAL, 0, 0);
        world.fold(new CaseOpened(id, offence, 500, Ath.ofWhole(5), 3, 1, null, AT));
        world.fold(new StayBegun(id, AT, AT));
        world.fold(new PenaltyExecuted(id, Ath.ZERO, List.of(), AT));
        world.fold(new AppealLodged(id, Ath.ofWhole(100), "why", AT, samples.authorization(accused), AT));
        world.fold(new AppealDecided(id, appeal, ruling, AT));
        ReviewClosed closed = new ReviewClosed(id, Ath.ZERO, List.of(), AT);
        check.look(world, closed, problems::add);
        world.fold(closed);
        check.look(world, new SuspensionLifted(accused, id, TERMS, AT), problems::add);
        return problems;
    }

    @Test
    void anOverturnedCaseLiftsAlsoWhereNothingWasTaken() {
        assertThat(lifting(Ruling.REVERSED)).isEmpty();
    }

    @Test
    void aConfirmedOneLiftsNothing() {
        assertThat(lifting(Ruling.UPHELD)).singleElement().asString().contains("was not overturned");
    }
}
