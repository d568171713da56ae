package io.athanor.domain.machine;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.machine.MachineCommand.AnnounceMaintenance;
import io.athanor.domain.machine.MachineCommand.BringOnline;
import io.athanor.domain.machine.MachineCommand.CertifyMachine;
import io.athanor.domain.machine.MachineCommand.EndMaintenance;
import io.athanor.domain.machine.MachineCommand.EnrollMachine;
import io.athanor.domain.machine.MachineCommand.ListOffer;
import io.athanor.domain.machine.MachineCommand.OpenInspection;
import io.athanor.domain.machine.MachineCommand.RejectMachine;
import io.athanor.domain.machine.MachineCommand.ReleaseGpus;
import io.athanor.domain.machine.MachineCommand.ReportHardware;
import io.athanor.domain.machine.MachineCommand.ReserveGpus;
import io.athanor.domain.machine.MachineCommand.RetireMachine;
import io.athanor.domain.machine.MachineCommand.TakeOffline;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.HardwareChanged;
import io.athanor.domain.machine.MachineEvent.InspectionOpened;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineRejected;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.machine.MachineEvent.MaintenanceAnnounced;
import io.athanor.domain.machine.MachineEvent.MaintenanceEnded;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    private static final RoundId ROUND = new RoundId(3, RoundId.Kind.ONBOARDING, 0, 0);
    private static final String AGENT_KEY = "0x" + "22".repeat(32);
    private static final Ath PRICE = Ath.ofWei(1_000_000_000_000L);
    private final Samples samples = new Samples(4);
    private final MachineId machine = samples.machine();
    private final Wallet provider = samples.wallet();
    private final Authorization signed = samples.authorization(provider);
    private final Authorization byOther = samples.authorization(samples.wallet());
    private final Authorization byKey = samples.authorization(provider, samples.wallet());
    private final Inventory inventory = samples.inventory(4);
    private final List<String> gpus =
            inventory.gpus().stream().map(Inventory.Gpu::uuid).toList();
    private final LeaseId lease = samples.task().lease(1);
    private final LeaseId other = samples.task().lease(1);
    private final EnrollMachine enroll = enroll(provider, signed);
    private final Scenario<Machine, MachineCommand, MachineEvent> none = Scenario.machine();
    private final Scenario<Machine, MachineCommand, MachineEvent> enrolled = none.done(enroll);
    private final Scenario<Machine, MachineCommand, MachineEvent> inspecting =
            enrolled.done(new OpenInspection(machine, ROUND, at(1)));
    private final Scenario<Machine, MachineCommand, MachineEvent> certified =
            inspecting.done(new CertifyMachine(machine, ROUND, 4_000_000, at(2)));
    private final Scenario<Machine, MachineCommand, MachineEvent> live =
            certified.done(new ListOffer(machine, PRICE, signed, at(3)), new BringOnline(machine, at(3)));

    private EnrollMachine enroll(Wallet by, Authorization authorization) {
        return new EnrollMachine(
                machine, by, AGENT_KEY, inventory, SampleParameters.get().admission(), authorization, at(0));
    }

    private ReserveGpus reserve(LeaseId id, String... uuids) {
        return new ReserveGpus(machine, id, List.of(uuids), at(4));
    }

    @Test
    void aMachineIsEnrolledOnceByItsProvider() {
        none.when(enroll).events(new MachineEnrolled(machine, provider, AGENT_KEY, inventory, signed, at(0)));
        enrolled.when(enroll).nothing();
        Wallet thief = byOther.wallet();
        enrolled.when(enroll(thief, byOther)).refused(Reason.ALREADY_REGISTERED, provider.toString());
        none.when(enroll(provider, byOther)).refused(Reason.NOT_ALLOWED);
        none.when(enroll(provider, byKey)).refused(Reason.NOT_ALLOWED, "session key");
    }

    @Test
    void aMachineBelowTheRequirementsIsNotEnrolled() {
        EnrollMachine poor = new EnrollMachine(
                machine,
                provider,
                AGENT_KEY,
                samples.inventory(List.of(), false),
                SampleParameters.get().admission(),
                signed,
                at(0));
        none.when(poor).refused(Reason.HARDWARE_REQUIREMENT);
    }

    @Test
    void nothingHappensToAMachineThatDoesNotExist() {
        none.when(new BringOnline(machine, at(1))).refused(Reason.NOT_FOUND);
        none.when(reserve(lease, gpus.get(0))).refused(Reason.NOT_FOUND);
    }

    @Test
    void onlyTheOpenInspectionCertifiesOrRejects() {
        inspecting
                .when(new CertifyMachine(machine, ROUND, 4_000_000, at(2)))
                .events(new MachineCertified(machine, ROUND, 4_000_000, at(2)));
        inspecting
                .when(new RejectMachine(machine, ROUND, "counterfeit", at(2)))
                .events(new MachineRejected(machine, ROUND, "counterfeit", at(2)));
        RoundId stale = new RoundId(2, RoundId.Kind.ONBOARDING, 0, 0);
        inspecting.when(new CertifyMachine(machine, stale, 1, at(2))).nothing();
        enrolled.when(new CertifyMachine(machine, ROUND, 1, at(2))).nothing();
        certified.when(new RejectMachine(machine, ROUND, "late", at(2))).nothing();
        assertThat(certified.state().score()).isEqualTo(4_000_000);
    }

    @Test
    void anInspectionIsOpenedOnceARound() {
        enrolled.when(new OpenInspection(machine, ROUND, at(1))).events(new InspectionOpened(machine, ROUND, at(1)));
        inspecting.when(new OpenInspection(machine, ROUND, at(1))).nothing();
        RoundId next = new RoundId(9, RoundId.Kind.ONBOARDING, 0, 0);
        inspecting.when(new OpenInspection(machine, next, at(5))).events(new InspectionOpened(machine, next, at(5)));
    }

    @Test
    void onlyTheProviderOffersAndRetires() {
        certified
                .when(new ListOffer(machine, PRICE, signed, at(3)))
                .events(new OfferListed(machine, PRICE, signed, at(3)));
        live.when(new ListOffer(machine, PRICE, signed, at(3))).nothing();
        certified.when(new ListOffer(machine, PRICE, byOther, at(3))).refused(Reason.NOT_ALLOWED);
        certified.when(new ListOffer(machine, PRICE, byKey, at(3))).refused(Reason.NOT_ALLOWED);
        certified.when(new ListOffer(machine, Ath.ZERO, signed, at(3))).refused(Reason.INVALID_SPEC);
        live.when(new RetireMachine(machine, byOther, at(5))).refused(Reason.NOT_ALLOWED);
    }

    @Test
    void aMaintainedMachineTakesNoNewWorkFromItsTimeOnAndKeepsWhatItHas() {
        AnnounceMaintenance announce = new AnnounceMaintenance(machine, at(4), at(8), at(3));
        var announced = live.when(announce).events(new MaintenanceAnnounced(machine, at(4), at(8), at(3)));
        announced.when(announce).nothing();
        announced.when(reserve(lease, gpus.get(0))).refused(Reason.WRONG_STATE, "maintains");
        announced
                .when(new ReserveGpus(machine, lease, List.of(gpus.get(0)), at(3)))
                .events(new GpusReserved(machine, lease, List.of(gpus.get(0)), at(3)));
        announced
                .when(new ReserveGpus(machine, lease, List.of(gpus.get(0)), at(8)))
                .events(new GpusReserved(machine, lease, List.of(gpus.get(0)), at(8)));
        announced
                .when(new EndMaintenance(machine, at(4)))
                .events(new MaintenanceEnded(machine, at(4)))
                .when(reserve(lease, gpus.get(0)))
                .events(new GpusReserved(machine, lease, List.of(gpus.get(0)), at(4)));
        live.when(new EndMaintenance(machine, at(4))).nothing();
    }

    @Test
    void maintenanceIsAheadBoundedAndTheRightWayRound() {
        live.when(new AnnounceMaintenance(machine, at(8), at(8), at(3))).refused(Reason.INVALID_SPEC);
        live.when(new AnnounceMaintenance(machine, at(1), at(2), at(3))).refused(Reason.INVALID_SPEC);
        Instant far = at(3).plus(Maintenance.FURTHEST);
        live.when(new AnnounceMaintenance(machine, far, null, at(3))).refused(Reason.INVALID_SPEC);
        live.when(new AnnounceMaintenance(machine, at(3), far.plusSeconds(1), at(3)))
                .refused(Reason.INVALID_SPEC);
        live.when(new AnnounceMaintenance(machine, at(1), null, at(3)))
                .events(new MaintenanceAnnounced(machine, at(1), null, at(3)));
    }

    @Test
    void gpusAreReservedOnceALease() {
        var held = live.when(reserve(lease, gpus.get(0), gpus.get(1)))
                .events(new GpusReserved(machine, lease, gpus.subList(0, 2), at(4)));
        held.when(reserve(lease, gpus.get(0), gpus.get(1))).nothing();
        held.when(reserve(lease, gpus.get(2))).refused(Reason.GPU_TAKEN);
        held.when(reserve(other, gpus.get(1), gpus.get(2))).refused(Reason.GPU_TAKEN, gpus.get(1));
        held.when(reserve(other, gpus.get(2), gpus.get(2))).refused(Reason.GPU_TAKEN);
        held.when(reserve(other, "GPU-unknown")).refused(Reason.GPU_TAKEN);
        held.when(new ReserveGpus(machine, other, List.of(), at(4))).refused(Reason.INVALID_SPEC);
        held.when(reserve(other, gpus.get(2), gpus.get(3)))
                .events(new GpusReserved(machine, other, gpus.subList(2, 4), at(4)));
        assertThat(held.state().freeGpus()).containsExactlyInAnyOrder(gpus.get(2), gpus.get(3));
    }

    @Test
    void releasedGpusAreFreeAgain() {
        var held = live.done(reserve(lease, gpus.get(0)));
        var released =
                held.when(new ReleaseGpus(machine, lease, at(6))).events(new GpusReleased(machine, lease, at(6)));
        released.when(new ReleaseGpus(machine, lease, at(6))).nothing();
        released.when(reserve(other, gpus.get(0))).events(new GpusReserved(machine, other, gpus.subList(0, 1), at(4)));
    }

    @Test
    void onlyALiveMachineTakesWork() {
        certified
                .done(new BringOnline(machine, at(3)))
                .when(reserve(lease, gpus.get(0)))
                .refused(Reason.WRONG_STATE);
        live.done(new TakeOffline(machine, "silent", at(4)))
                .when(reserve(lease, gpus.get(0)))
                .refused(Reason.WRONG_STATE);
        assertThat(live.done(reserve(lease, gpus.get(0))).state().reserved()).containsKey(lease);
        enrolled.done(new ListOffer(machine, PRICE, signed, at(3)), new BringOnline(machine, at(3)))
                .when(reserve(lease, gpus.get(0)))
                .refused(Reason.WRONG_STATE, "ENROLLED");
    }

    @Test
    void goingAndComingIsNotedOnce() {
        enrolled.when(new BringOnline(machine, at(1))).events(new MachineWentOnline(machine, at(1)));
        live.when(new BringOnline(machine, at(5))).nothing();
        live.when(new TakeOffline(machine, "silent", at(5))).events(new MachineWentOffline(machine, "silent", at(5)));
        enrolled.when(new TakeOffline(machine, "silent", at(5))).nothing();
    }

    @Test
    void changedHardwareEndsTheCertificate() {
        live.when(new ReportHardware(machine, inventory, at(5))).nothing();
        Inventory reordered = with(inventory.gpus().reversed());
        live.when(new ReportHardware(machine, reordered, at(5))).nothing();
        Inventory fewer = with(inventory.gpus().subList(0, 3));
        var changed =
                live.when(new ReportHardware(machine, fewer, at(5))).events(new HardwareChanged(machine, fewer, at(5)));
        assertThat(changed.state().standing()).isEqualTo(Standing.ENROLLED);
        assertThat(changed.state().score()).isZero();
        changed.when(reserve(lease, gpus.get(0))).refused(Reason.WRONG_STATE);
    }

    private Inventory with(List<Inventory.Gpu> list) {
        return new Inventory(
                inventory.fingerprint(),
                inventory.region(),
                list,
                inventory.cpuThreads(),
                inventory.memoryMib(),
                inventory.diskGib(),
                inventory.downMbit(),
                inventory.upMbit(),
                inventory.engineVersion(),
                inventory.simulated());
    }

    @Test
    void aMachineRetiresWithoutOpenLeases() {
        live.done(reserve(lease, gpus.get(0)))
                .when(new RetireMachine(machine, signed, at(7)))
                .refused(Reason.WRONG_STATE, "1 leases");
        var retired =
                live.when(new RetireMachine(machine, signed, at(7))).events(new MachineRetired(machine, signed, at(7)));
        retired.when(new RetireMachine(machine, signed, at(7))).nothing();
        retired.when(new OpenInspection(machine, ROUND, at(8))).nothing();
        retired.when(new ListOffer(machine, Ath.ofWei(5), signed, at(8))).refused(Reason.WRONG_STATE);
        retired.when(reserve(lease, gpus.get(0))).refused(Reason.WRONG_STATE);
    }

    @Test
    void aMachineStaysRealOrSimulatedAndWithinItsBounds() {
        Inventory simulated = samples.inventory(inventory.gpus(), true);
        live.when(new ReportHardware(machine, simulated, at(5))).refused(Reason.SIMULATED_NOT_ALLOWED);
        Inventory.Gpu gpu = inventory.gpus().getFirst();
        live.when(new ReportHardware(machine, with(List.of(gpu, gpu)), at(5)))
                .refused(Reason.HARDWARE_REQUIREMENT, "twice");
        live.when(new ReportHardware(machine, samples.inventory(65), at(5)))
                .refused(Reason.HARDWARE_REQUIREMENT, "at most 64");
        Inventory.Gpu loud = new Inventory.Gpu("GPU-1", "H100\u001b[2J", 1, 1, "1");
        live.when(new ReportHardware(machine, with(List.of(loud)), at(5)))
                .refused(Reason.HARDWARE_REQUIREMENT, "GPU model");
        live.when(new ReportHardware(machine, with(List.of()), at(5)))
                .events(new HardwareChanged(machine, with(List.of()), at(5)));
    }

    @Test
    void aPriceLiesBetweenNothingAndTheSupply() {
        live.when(new ListOffer(machine, Ath.ZERO, signed, at(5))).refused(Reason.INVALID_SPEC, "price");
        live.when(new ListOffer(machine, Ath.SUPPLY.plus(Ath.ofWei(1)), signed, at(5)))
                .refused(Reason.INVALID_SPEC, "price");
        live.when(new ListOffer(machine, Ath.SUPPLY, signed, at(5)))
                .events(new OfferListed(machine, Ath.SUPPLY, signed, at(5)));
    }
}
