package io.athanor.domain.provider;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.provider.ProviderCommand.ActivateProvider;
import io.athanor.domain.provider.ProviderCommand.ExpelProvider;
import io.athanor.domain.provider.ProviderCommand.LiftSuspension;
import io.athanor.domain.provider.ProviderCommand.ReadmitMachine;
import io.athanor.domain.provider.ProviderCommand.RegisterProvider;
import io.athanor.domain.provider.ProviderCommand.ReinstateProvider;
import io.athanor.domain.provider.ProviderCommand.SuspendForQuality;
import io.athanor.domain.provider.ProviderCommand.SuspendProvider;
import io.athanor.domain.provider.ProviderEvent.CutOffForQuality;
import io.athanor.domain.provider.ProviderEvent.MachineReadmitted;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.domain.provider.ProviderEvent.ProviderCutOff;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.provider.ProviderEvent.ProviderReinstated;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.provider.ProviderEvent.SuspendedForQuality;
import io.athanor.domain.provider.ProviderEvent.SuspensionLifted;
import io.athanor.domain.provider.Suspension.LowQuality;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProviderTest {
    private final Samples samples = new Samples(8);
    private final Wallet wallet = samples.wallet();
    private final Authorization signed = samples.authorization(wallet);

    private RegisterProvider register(String name, String group, Authorization authorization) {
        return new RegisterProvider(wallet, name, group, authorization, at(0));
    }

    @Test
    void aProviderRegistersOnce() {
        var after = Scenario.provider()
                .when(register("Render farm", "farm", signed))
                .events(new ProviderRegistered(wallet, "Render farm", "farm", signed, at(0)));
        after.when(register("Render farm", "farm", signed)).nothing();
        after.when(register("Render farm", "other", signed)).refused(Reason.ALREADY_REGISTERED, "Render farm");
    }

    @Test
    void namesHaveBoundsAndTheWalletSigns() {
        Scenario.provider().when(register(" ", "farm", signed)).refused(Reason.INVALID_SPEC, "name");
        Scenario.provider().when(register("n", "", signed)).refused(Reason.INVALID_SPEC, "ownerGroup");
        String longName = "x".repeat(Limits.NAME_CHARS + 1);
        Scenario.provider().when(register(longName, "farm", signed)).refused(Reason.INVALID_SPEC, "name");
        Authorization byKey = samples.authorization(wallet, samples.wallet());
        Scenario.provider().when(register("n", "farm", byKey)).refused(Reason.NOT_ALLOWED);
        Authorization byOther = samples.authorization(samples.wallet());
        Scenario.provider().when(register("n", "farm", byOther)).refused(Reason.NOT_ALLOWED);
    }

    private static final Suspension.Terms TERMS = new Suspension.Terms(700, 3, 3_000);
    private final MachineId machine = samples.machine();

    private SuspendProvider suspend(CaseId penaltyCase, long at) {
        return suspend(machine, penaltyCase, at);
    }

    private SuspendProvider suspend(MachineId which, CaseId penaltyCase, long at) {
        return new SuspendProvider(wallet, which, penaltyCase, TERMS, at(at));
    }

    private CaseId penaltyCase() {
        return new CaseId(samples.uuid());
    }

    @Test
    void aPenaltySuspendsOnceAndForItsTime() {
        CaseId first = penaltyCase();
        Scenario.provider().when(suspend(first, 10)).refused(Reason.NOT_FOUND);
        var suspended = Scenario.provider()
                .done(register("n", "farm", signed), new ActivateProvider(wallet, at(1)))
                .when(suspend(first, 10))
                .events(new ProviderSuspended(wallet, machine, first, at(710), at(10)));
        suspended.when(suspend(first, 11)).nothing();
        suspended.when(new ActivateProvider(wallet, at(12))).nothing();
        suspended.when(new ReinstateProvider(wallet, machine, at(709))).refused(Reason.WRONG_STATE, "suspended until");
        suspended
                .when(new ReinstateProvider(wallet, machine, at(710)))
                .events(new ProviderReinstated(wallet, machine, at(710)))
                .when(new ReinstateProvider(wallet, machine, at(711)))
                .nothing();
    }

    @Test
    void theThirdSuspensionInTheWindowCutsOffForEver() {
        CaseId third = penaltyCase();
        var twice = Scenario.provider()
                .done(register("n", "farm", signed), suspend(penaltyCase(), 10), suspend(penaltyCase(), 20));
        twice.when(suspend(third, 3_005)).events(new ProviderCutOff(wallet, machine, third, at(3_005)));
        twice.when(suspend(third, 3_010)).events(new ProviderSuspended(wallet, machine, third, at(3_710), at(3_010)));
        Scenario.provider()
                .done(register("n", "farm", signed), suspend(penaltyCase(), 1), suspend(penaltyCase(), 2))
                .done(suspend(third, 3))
                .when(suspend(penaltyCase(), 4))
                .nothing()
                .when(new ReinstateProvider(wallet, machine, at(9_000)))
                .nothing();
    }

    private static Provider after(ProviderCommand... commands) {
        Provider provider = Provider.EMPTY;
        for (ProviderCommand command : commands) {
            for (ProviderEvent event : provider.decide(command)) {
                provider = provider.evolve(event);
            }
        }
        return provider;
    }

    @Test
    void noMachineRetiresFromUnderASuspensionThatCounts() {
        Provider once = after(register("n", "farm", signed), suspend(penaltyCase(), 10));
        assertThat(once.keepsFromRetiring(machine, TERMS, at(600)))
                .get()
                .asString()
                .contains("suspended until");
        assertThat(once.keepsFromRetiring(samples.machine(), TERMS, at(600)))
                .as("another of its machines")
                .isEmpty();
        Provider back = once.evolve(new ProviderReinstated(wallet, machine, at(800)));
        long counts = 10 + TERMS.withinMillis();
        assertThat(back.keepsFromRetiring(machine, TERMS, at(counts - 1)))
                .get()
                .asString()
                .contains("counts until");
        assertThat(back.keepsFromRetiring(machine, TERMS, at(counts))).isEmpty();

        Provider out = after(
                register("n", "farm", signed),
                suspend(penaltyCase(), 10),
                suspend(penaltyCase(), 20),
                suspend(penaltyCase(), 30));
        assertThat(out.keepsFromRetiring(machine, TERMS, at(1_000_000)))
                .get()
                .asString()
                .contains("cut off");
        assertThat(out.isOutSince(machine, at(30))).isFalse();
        assertThat(out.isOutSince(machine, at(31))).isTrue();
        assertThat(once.isOutSince(machine, at(1_000_000))).as("only suspended").isFalse();
    }

    @Test
    void oneMachinesPenaltiesTakeNoWorkFromTheOwnersOthers() {
        MachineId other = samples.machine();
        CaseId third = penaltyCase();
        Provider provider = after(
                register("n", "farm", signed),
                suspend(penaltyCase(), 10),
                suspend(penaltyCase(), 20),
                suspend(other, third, 30));
        assertThat(provider.inForce(other)).isEqualTo(new Suspension(other, third, at(30), at(730), false));
        assertThat(provider.inForce(samples.machine())).isNull();
        Provider back = provider.evolve(new ProviderReinstated(wallet, machine, at(800)));
        assertThat(back.inForce(machine)).isNull();
        assertThat(back.inForce(other)).isNotNull();
        assertThat(back.suspensions()).hasSize(3);
    }

    private SuspendForQuality low(long day, long at) {
        return new SuspendForQuality(wallet, machine, new LowQuality(day, 500_000), TERMS, at(at));
    }

    @Test
    void aLowQualitySuspendsOnceUntilCleanDaysAndAnInspection() {
        RoundId inspection = new RoundId(9, RoundId.Kind.ONBOARDING, 0, 0);
        Scenario.provider().when(low(3, 10)).refused(Reason.NOT_FOUND);
        var suspended = Scenario.provider()
                .done(register("n", "farm", signed))
                .when(low(3, 10))
                .events(new SuspendedForQuality(wallet, machine, new LowQuality(3, 500_000), at(710), at(10)));
        suspended.when(low(4, 20)).nothing();
        suspended
                .when(new ReadmitMachine(wallet, machine, inspection, 9, at(709)))
                .refused(Reason.WRONG_STATE, "suspended until");
        suspended
                .when(new ReadmitMachine(wallet, machine, inspection, 9, at(710)))
                .events(new MachineReadmitted(wallet, machine, inspection, 9, at(710)))
                .when(new ReadmitMachine(wallet, machine, inspection, 9, at(711)))
                .nothing();
    }

    @Test
    void suspensionsOfBothKindsCountTowardsTheCutOff() {
        RoundId inspection = new RoundId(9, RoundId.Kind.ONBOARDING, 0, 0);
        Scenario.provider()
                .done(register("n", "farm", signed), suspend(penaltyCase(), 10), suspend(penaltyCase(), 20))
                .done(new ReadmitMachine(wallet, machine, inspection, 1, at(800)))
                .when(low(9, 1_000))
                .events(new CutOffForQuality(wallet, machine, new LowQuality(9, 500_000), at(1_000)))
                .when(new ReadmitMachine(wallet, machine, inspection, 20, at(9_000)))
                .nothing();
    }

    @Test
    void counterfeitHardwareEndsAllWorkOfItsOwnerUnlessTheCaseIsOverturned() {
        CaseId counterfeit = penaltyCase();
        Provider provider = Provider.EMPTY;
        for (ProviderCommand command : List.of(
                register("n", "farm", signed),
                suspend(penaltyCase(), 10),
                new ExpelProvider(wallet, counterfeit, at(20)),
                new ExpelProvider(wallet, counterfeit, at(21)))) {
            for (ProviderEvent event : provider.decide(command)) {
                provider = provider.evolve(event);
            }
        }
        assertThat(provider.suspensions()).hasSize(2);
        assertThat(provider.inForce(samples.machine()))
                .isEqualTo(new Suspension(null, counterfeit, at(20), null, false, null));
        assertThat(provider.decide(suspend(penaltyCase(), 30))).isEmpty();
        Provider lifted = provider.evolve(provider.decide(new LiftSuspension(wallet, counterfeit, TERMS, at(40)))
                .getFirst());
        assertThat(lifted.inForce(samples.machine())).isNull();
        assertThat(lifted.inForce(machine)).as("its own suspension stands").isNotNull();
        assertThat(lifted.decide(new LiftSuspension(wallet, counterfeit, TERMS, at(41))))
                .isEmpty();
    }

    private @Nullable Instant endOf(Provider provider) {
        return Objects.requireNonNull(provider.inForce(machine)).until();
    }

    @Test
    void aCutOffThatNeededAnOverturnedCaseIsASuspensionForItsTime() {
        CaseId first = penaltyCase();
        CaseId third = penaltyCase();
        Provider cutOff = after(
                register("n", "farm", signed), suspend(first, 10), suspend(penaltyCase(), 20), suspend(third, 30));
        assertThat(endOf(cutOff)).isNull();
        Provider lifted = cutOff.evolve(
                cutOff.decide(new LiftSuspension(wallet, first, TERMS, at(40))).getFirst());
        assertThat(lifted.inForce(machine)).isEqualTo(new Suspension(machine, third, at(30), at(730), false));
        assertThat(endOf(cutOff.evolve(new SuspensionLifted(wallet, first, null, at(40)))))
                .as("as histories from before have it")
                .isNull();
        assertThat(lifted.decide(suspend(penaltyCase(), 50)))
                .as("it counts as ever")
                .singleElement()
                .isInstanceOf(ProviderCutOff.class);
    }

    @Test
    void aCutOffStandsWithoutTheOverturnedCaseWhereEnoughAreLeft() {
        CaseId older = penaltyCase();
        Provider cutOff = after(
                register("n", "farm", signed),
                suspend(older, 10),
                suspend(penaltyCase(), 3_020),
                suspend(penaltyCase(), 3_030));
        Provider other = after(register("n", "farm", signed), suspend(penaltyCase(), 10), suspend(older, 20))
                .evolve(new ProviderReinstated(wallet, machine, at(720)));
        Provider byQuality = other.evolve(other.decide(low(9, 800)).getFirst());
        assertThat(endOf(byQuality)).isNull();
        assertThat(endOf(byQuality.evolve(new SuspensionLifted(wallet, older, TERMS, at(900)))))
                .as("a quality's too")
                .isEqualTo(at(1_500));
        Provider more = cutOff.evolve(new ProviderReinstated(wallet, machine, at(3_735)));
        Provider last = more.evolve(more.decide(low(10, 3_750)).getFirst());
        assertThat(endOf(last)).isNull();
        assertThat(endOf(last.evolve(new SuspensionLifted(wallet, older, TERMS, at(3_760)))))
                .as("the old one did not count")
                .isNull();
    }

    @Test
    void aProviderIsActivatedOnce() {
        ActivateProvider activate = new ActivateProvider(wallet, at(1));
        Scenario.provider().when(activate).refused(Reason.NOT_FOUND);
        Scenario.provider()
                .done(register("n", "farm", signed))
                .when(activate)
                .events(new ProviderActivated(wallet, at(1)))
                .when(activate)
                .nothing();
    }
}
