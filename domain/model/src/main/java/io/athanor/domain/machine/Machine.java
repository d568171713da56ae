package io.athanor.domain.machine;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.State;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.MachineCommand.AnnounceMaintenance;
import io.athanor.domain.machine.MachineCommand.BringOnline;
import io.athanor.domain.machine.MachineCommand.CertifyMachine;
import io.athanor.domain.machine.MachineCommand.EndMaintenance;
import io.athanor.domain.machine.MachineCommand.EnrollMachine;
import io.athanor.domain.machine.MachineCommand.ListOffer;
import io.athanor.domain.machine.MachineCommand.OpenInspection;
import io.athanor.domain.machine.MachineCommand.RecordCapacity;
import io.athanor.domain.machine.MachineCommand.RejectMachine;
import io.athanor.domain.machine.MachineCommand.ReleaseGpus;
import io.athanor.domain.machine.MachineCommand.ReportHardware;
import io.athanor.domain.machine.MachineCommand.ReserveGpus;
import io.athanor.domain.machine.MachineCommand.RetireMachine;
import io.athanor.domain.machine.MachineCommand.ScoreQuality;
import io.athanor.domain.machine.MachineCommand.TakeOffline;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
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
import io.athanor.domain.machine.MachineEvent.QualityScored;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider's machine: what it is, whether it is certified, and who holds its GPUs.
 *
 * <p>Invariant: the GPU lists of {@code reserved} are disjoint and were part of the inventory when reserved, so no GPU
 * is ever reserved twice. Only certified machines that are online and offered take reservations.
 *
 * @param inspection the open or last inspection round
 * @param maintenance the newest that was announced and not ended, null where none was
 * @param tested the newest capacity test since its certificate
 * @param steadySince when it last went, came, or took or ended a lease
 * @param past what of its days was told, null before its first certificate
 * @param score certified capacity relative to an H100, in ppm; 0 while not certified
 */
public record Machine(
        Standing standing,
        @Nullable Wallet provider,
        @Nullable String agentKey,
        @Nullable Inventory inventory,
        @Nullable RoundId inspection,
        long score,
        @Nullable Ath price,
        boolean online,
        Map<LeaseId, List<String>> reserved,
        @Nullable Maintenance maintenance,
        @Nullable TestedCapacity tested,
        @Nullable Instant steadySince,
        @Nullable MachinePast past)
        implements State<Machine, MachineCommand, MachineEvent> {
    public static final Machine EMPTY =
            new Machine(Standing.NONE, null, null, null, null, 0, null, false, Map.of(), null, null, null, null);

    /** NONE → ENROLLED → INSPECTING → CERTIFIED | REJECTED → INSPECTING …; changed hardware → ENROLLED; any → RETIRED. */
    public enum Standing {
        NONE,
        ENROLLED,
        INSPECTING,
        CERTIFIED,
        REJECTED,
        RETIRED
    }

    public Machine {
        reserved = Map.copyOf(reserved);
    }

    /** The newest settlement day whose quality was told, null before the first. */
    public @Nullable Long scored() {
        return past == null ? null : past.scored();
    }

    /** When it got its first certificate, null before. */
    public @Nullable Instant certifiedFirst() {
        return past == null ? null : past.certifiedFirst();
    }

    @Override
    public List<MachineEvent> decide(MachineCommand command) {
        if (!(command instanceof EnrollMachine)) {
            Refused.unless(standing != Standing.NONE, Reason.NOT_FOUND, "no machine " + command.machine());
        }
        return switch (command) {
            case EnrollMachine c -> enroll(c);
            case OpenInspection c ->
                c.round().equals(inspection) || standing == Standing.RETIRED
                        ? List.of()
                        : List.of(new InspectionOpened(c.machine(), c.round(), c.at()));
            case CertifyMachine c ->
                inspecting(c.round())
                        ? List.of(new MachineCertified(c.machine(), c.round(), c.score(), c.at()))
                        : List.of();
            case RecordCapacity c -> record(c);
            case RejectMachine c ->
                inspecting(c.round()) || isTestedIn(c.round())
                        ? List.of(new MachineRejected(c.machine(), c.round(), c.why(), c.at()))
                        : List.of();
            case ListOffer c -> listOffer(c);
            case ReserveGpus c -> reserve(c);
            case ReleaseGpus c ->
                reserved.containsKey(c.lease()) ? List.of(new GpusReleased(c.machine(), c.lease(), c.at())) : List.of();
            case TakeOffline c -> online ? List.of(new MachineWentOffline(c.machine(), c.why(), c.at())) : List.of();
            case BringOnline c ->
                online || standing == Standing.RETIRED
                        ? List.of()
                        : List.of(new MachineWentOnline(c.machine(), c.at()));
            case AnnounceMaintenance c -> announce(c);
            case EndMaintenance c ->
                maintenance == null ? List.of() : List.of(new MaintenanceEnded(c.machine(), c.at()));
            case ReportHardware c -> report(c);
            case ScoreQuality c -> score(c.machine(), c.scored(), c.at());
            case RetireMachine c -> retire(c);
        };
    }

    private List<MachineEvent> enroll(EnrollMachine c) {
        c.authorization().requireBy(c.provider());
        if (standing != Standing.NONE) {
            boolean same = c.provider().equals(provider) && c.agentKey().equals(agentKey);
            Refused.unless(same, Reason.ALREADY_REGISTERED, "machine " + c.machine() + " is registered by " + provider);
            return List.of();
        }
        MachineAdmission.require(c.inventory(), c.admission());
        return List.of(
                new MachineEnrolled(c.machine(), c.provider(), c.agentKey(), c.inventory(), c.authorization(), c.at()));
    }

    private List<MachineEvent> score(MachineId id, Quality.Scored day, Instant at) {
        Long told = scored();
        return told != null && day.day() <= told ? List.of() : List.of(new QualityScored(id, day, at));
    }

    private boolean inspecting(RoundId round) {
        return standing == Standing.INSPECTING && round.equals(inspection);
    }

    private boolean isTestedIn(RoundId round) {
        return standing == Standing.CERTIFIED
                && tested != null
                && tested.round().equals(round);
    }

    private List<MachineEvent> record(RecordCapacity c) {
        Refused.unless(
                c.measured() >= 0 && c.measured() <= score, Reason.INVALID_SPEC, "measured 0 to what is certified");
        return standing != Standing.CERTIFIED || isTestedIn(c.round())
                ? List.of()
                : List.of(new CapacityTested(c.machine(), c.round(), c.measured(), score, c.at()));
    }

    private List<MachineEvent> listOffer(ListOffer c) {
        requireProvider(c.authorization());
        Refused.unless(
                !c.price().isZero() && Ath.SUPPLY.covers(c.price()),
                Reason.INVALID_SPEC,
                "price must be above zero and at most the supply");
        Refused.unless(standing != Standing.RETIRED, Reason.WRONG_STATE, "the machine is retired");
        return c.price().equals(price)
                ? List.of()
                : List.of(new OfferListed(c.machine(), c.price(), c.authorization(), c.at()));
    }

    private void requireProvider(Authorization authorization) {
        authorization.requireBy(Objects.requireNonNull(provider, "an enrolled machine has a provider"));
    }

    private List<MachineEvent> reserve(ReserveGpus c) {
        List<String> already = reserved.get(c.lease());
        if (already != null) {
            Refused.unless(already.equals(c.gpus()), Reason.GPU_TAKEN, c.lease() + " holds other GPUs");
            return List.of();
        }
        Refused.unless(
                standing == Standing.CERTIFIED && online && price != null,
                Reason.WRONG_STATE,
                "the machine takes no work: " + standing + (online ? ", online" : ", offline"));
        Refused.unless(!isClosed(c.at()), Reason.WRONG_STATE, "the machine takes no work: its owner maintains it");
        Refused.unless(!c.gpus().isEmpty(), Reason.INVALID_SPEC, "a lease holds at least one GPU");
        Set<String> free = freeGpus();
        for (String gpu : c.gpus()) {
            Refused.unless(free.remove(gpu), Reason.GPU_TAKEN, "GPU " + gpu + " is not free");
        }
        return List.of(new GpusReserved(c.machine(), c.lease(), c.gpus(), c.at()));
    }

    /** Whether its owner wants no new work on it at this moment. */
    public boolean isClosed(Instant at) {
        return maintenance != null && maintenance.closes(at);
    }

    private List<MachineEvent> announce(AnnounceMaintenance c) {
        Refused.unless(standing != Standing.RETIRED, Reason.WRONG_STATE, "the machine is retired");
        Maintenance.require(c.from(), c.until(), c.at());
        return new Maintenance(c.from(), c.until()).equals(maintenance)
                ? List.of()
                : List.of(new MaintenanceAnnounced(c.machine(), c.from(), c.until(), c.at()));
    }

    /** UUIDs of the GPUs that no lease holds. */
    public Set<String> freeGpus() {
        Set<String> free = new HashSet<>();
        if (inventory != null) {
            inventory.gpus().forEach(gpu -> free.add(gpu.uuid()));
        }
        reserved.values().forEach(free::removeAll);
        return free;
    }

    private List<MachineEvent> report(ReportHardware c) {
        MachineAdmission.requireForm(c.inventory());
        Refused.unless(
                inventory == null || inventory.simulated() == c.inventory().simulated(),
                Reason.SIMULATED_NOT_ALLOWED,
                "simulated and real GPUs are different machines");
        return !sameHardware(inventory, c.inventory()) && standing != Standing.RETIRED
                ? List.of(new HardwareChanged(c.machine(), c.inventory(), c.at()))
                : List.of();
    }

    /** What a certificate is for: the GPUs in any order, the board, and whether they are real. */
    private static boolean sameHardware(@Nullable Inventory had, Inventory has) {
        return had != null
                && Set.copyOf(had.gpus()).equals(Set.copyOf(has.gpus()))
                && had.fingerprint().equals(has.fingerprint())
                && had.simulated() == has.simulated();
    }

    private List<MachineEvent> retire(RetireMachine c) {
        requireProvider(c.authorization());
        if (!reserved.isEmpty()) {
            throw new Refused(
                    Reason.WRONG_STATE,
                    reserved.size() + " leases are open",
                    "Drain it, so that no work comes, and retire it when what runs has ended.");
        }
        return standing == Standing.RETIRED
                ? List.of()
                : List.of(new MachineRetired(c.machine(), c.authorization(), c.at()));
    }

    @Override
    public boolean isOver() {
        return standing == Standing.RETIRED;
    }

    @Override
    public Machine evolve(MachineEvent event) {
        return switch (event) {
            case MachineEnrolled e -> enrolled(e);
            case InspectionOpened e -> with(Standing.INSPECTING, e.round(), score);
            case MachineCertified e ->
                with(Standing.CERTIFIED, e.round(), e.score())
                        .withTested(null)
                        .withPast(new MachinePast(certifiedFirst() == null ? e.at() : certifiedFirst(), scored()));
            case QualityScored e ->
                withPast(new MachinePast(certifiedFirst(), e.scored().day()));
            case CapacityTested e -> withTested(new TestedCapacity(e.round(), e.measured(), e.certified()));
            case MachineRejected e -> with(Standing.REJECTED, e.round(), 0);
            case OfferListed e ->
                new Machine(
                        standing,
                        provider,
                        agentKey,
                        inventory,
                        inspection,
                        score,
                        e.price(),
                        online,
                        reserved,
                        maintenance,
                        tested,
                        steadySince,
                        past);
            case GpusReserved e -> withReserved(e.lease(), e.gpus(), e.at());
            case GpusReleased e -> withReserved(e.lease(), null, e.at());
            case MachineWentOffline e -> of(false, reserved, maintenance, tested, e.at());
            case MachineWentOnline e -> of(true, reserved, maintenance, tested, e.at());
            case MaintenanceAnnounced e ->
                of(online, reserved, new Maintenance(e.from(), e.until()), tested, steadySince);
            case MaintenanceEnded e -> of(online, reserved, null, tested, steadySince);
            case HardwareChanged e ->
                new Machine(
                        Standing.ENROLLED,
                        provider,
                        agentKey,
                        e.inventory(),
                        null,
                        0,
                        price,
                        online,
                        reserved,
                        maintenance,
                        null,
                        steadySince,
                        past);
            case MachineRetired e -> with(Standing.RETIRED, inspection, 0);
        };
    }

    private static Machine enrolled(MachineEnrolled e) {
        return new Machine(
                Standing.ENROLLED,
                e.provider(),
                e.agentKey(),
                e.inventory(),
                null,
                0,
                null,
                false,
                Map.of(),
                null,
                null,
                null,
                null);
    }

    private Machine with(Standing to, @Nullable RoundId round, long newScore) {
        return copy(to, round, newScore, online, reserved, maintenance, tested, steadySince, past);
    }

    private Machine withPast(MachinePast newest) {
        return copy(standing, inspection, score, online, reserved, maintenance, tested, steadySince, newest);
    }

    private Machine withTested(@Nullable TestedCapacity newest) {
        return of(online, reserved, maintenance, newest, steadySince);
    }

    private Machine withReserved(LeaseId lease, @Nullable List<String> gpus, Instant at) {
        Map<LeaseId, List<String>> copy = new HashMap<>(reserved);
        if (gpus == null) {
            copy.remove(lease);
        } else {
            copy.put(lease, gpus);
        }
        return of(online, copy, maintenance, tested, at);
    }

    private Machine of(
            boolean isOnline,
            Map<LeaseId, List<String>> leases,
            @Nullable Maintenance announced,
            @Nullable TestedCapacity newest,
            @Nullable Instant steady) {
        return copy(standing, inspection, score, isOnline, leases, announced, newest, steady, past);
    }

    private Machine copy(
            Standing to,
            @Nullable RoundId round,
            long newScore,
            boolean isOnline,
            Map<LeaseId, List<String>> leases,
            @Nullable Maintenance announced,
            @Nullable TestedCapacity newest,
            @Nullable Instant steady,
            @Nullable MachinePast told) {
        return new Machine(
                to, provider, agentKey, inventory, round, newScore, price, isOnline, leases, announced, newest, steady,
                told);
    }

    /** As the books of an epoch need it: leases, and what is announced, are no part of them; what works is not steady. */
    public Machine forBooks() {
        return of(online, Map.of(), null, tested, reserved.isEmpty() ? steadySince : null);
    }
}
