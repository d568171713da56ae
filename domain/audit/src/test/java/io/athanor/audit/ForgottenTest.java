package io.athanor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.CaseBondHeld;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a check keeps of a history is what a later event can ask for, however long the history is. */
class ForgottenTest {
    private static final int EPOCHS = 1_000;
    private static final Instant AT = Samples.at(0);

    private final Samples samples = new Samples(53);
    private final World world = new World();
    private final List<String> problems = new ArrayList<>();

    private static RoundFinalized finalized(RoundId round, String subject, Fact fact) {
        return new RoundFinalized(
                round, List.of(new Verdict(subject, fact, Hash32.ZERO, 1, 5, 7)), List.of(), Hash32.ZERO, AT);
    }

    @Test
    void capacityVerdictsGoWithTheirEpochsBooks() {
        CapacityCheck check = new CapacityCheck();
        int most = 0;
        for (long epoch = 0; epoch < EPOCHS; epoch++) {
            for (int shard = 0; shard < 5; shard++) {
                RoundId round = new RoundId(epoch, RoundId.Kind.CAPACITY, shard, 0);
                check.look(world, finalized(round, "m", Fact.GENUINE), problems::add);
            }
            // The books of an epoch are closed when the next two have begun.
            if (epoch > 1) {
                check.look(world, new EpochClosed(epoch - 2, ChainHead.GENESIS, AT), problems::add);
            }
            most = Math.max(most, check.kept());
        }
        assertThat(most).as("five rounds of six epochs").isLessThanOrEqualTo(30);
        assertThat(check.kept()).as("those that may still be asked for").isGreaterThanOrEqualTo(10);
        assertThat(problems).isEmpty();
    }

    private void happens(FirstInstanceCheck check, Event event) {
        check.look(world, event, problems::add);
        world.fold(event);
    }

    private CaseOpened opened(int number) {
        PoolId accused = PoolId.ofProvider(samples.wallet());
        Offence offence = new Offence.Counterfeit(
                accused,
                samples.machine(),
                new RoundId(number, RoundId.Kind.CAPACITY, 0, 0),
                Ath.ofWhole(1),
                List.of(),
                AT);
        return new CaseOpened(offence.caseId(), offence, 1_000, Ath.ofWhole(1), 0, 1, null, AT);
    }

    @Test
    void whatIsKeptOfACaseGoesWithItsEnd() {
        FirstInstanceCheck check = new FirstInstanceCheck();
        for (int number = 0; number < EPOCHS; number++) {
            CaseOpened opened = opened(number);
            CaseId id = opened.id();
            Wallet accused = opened.offence().accused().operator();
            RoundId round = new RoundId(number, RoundId.Kind.SLASH, 0, 0);
            check.look(world, opened, problems::add);
            world.fold(opened);
            check.look(world, finalized(round, id.toString(), Fact.REFUTED), problems::add);
            check.look(
                    world,
                    new CaseBondHeld(accused, id, Ath.ofWhole(1), samples.authorization(accused), AT),
                    problems::add);
            assertThat(check.kept()).as("of the one that is open").isEqualTo(2);
            happens(check, new CaseDismissed(id, "for this test", AT));
        }
        assertThat(check.kept()).isZero();
    }
}
