package io.athanor.domain.provider;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
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
import io.athanor.domain.provider.ProviderEvent.ProviderExpelled;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.provider.ProviderEvent.ProviderReinstated;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.provider.ProviderEvent.SuspendedForQuality;
import io.athanor.domain.provider.ProviderEvent.SuspensionLifted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who rents out machines. Invariant: NONE → REGISTERED → ACTIVE, and a name and owner group once registered; one case
 * suspends one machine once, and a machine that was cut off stays so. Suspension is a machine's, so that one that fails
 * takes no work from the thousand of its owner that do not; counterfeit hardware is its owner's, and ends all its work.
 *
 * @param suspensions of its machines, oldest first
 */
public record Provider(
        Standing standing,
        String name,
        String ownerGroup,
        @Nullable List<Suspension> suspensions) implements State<Provider, ProviderCommand, ProviderEvent> {
    public static final Provider EMPTY = new Provider(Standing.NONE, "", "", null);
    private static final int KEPT_A_MACHINE = 100;

    public Provider {
        suspensions = suspensions == null ? List.of() : List.copyOf(suspensions);
    }

    /** Those of its machines, oldest first. */
    @Override
    public List<Suspension> suspensions() {
        return suspensions == null ? List.of() : suspensions;
    }

    /** What keeps a machine from new work, null where nothing does. */
    public @Nullable Suspension inForce(MachineId machine) {
        return suspensions().stream()
                .filter(s -> s.covers(machine) && !s.over())
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    /**
     * Why a machine does not retire, in words; empty where no suspension of it counts any more. Who retired would come back
     * with the same hardware under another name, and without its past.
     */
    public Optional<String> keepsFromRetiring(MachineId machine, Suspension.Terms terms, Instant now) {
        Suspension force = inForce(machine);
        if (force != null) {
            return Optional.of(
                    force.until() == null
                            ? "it is cut off " + force.because() + ", and its hardware stays known as that"
                            : "it is suspended until " + force.until() + " " + force.because());
        }
        return suspensions().stream()
                .filter(s -> machine.equals(s.machine()) && counts(s, terms, now))
                .map(s -> "its suspension of " + s.at() + " " + s.because() + " counts until "
                        + s.at().plusMillis(terms.withinMillis()))
                .reduce((earlier, later) -> later);
    }

    /** Whether it was cut off so long ago that nobody can appeal any more. */
    public boolean isOutSince(MachineId machine, Instant then) {
        Suspension force = inForce(machine);
        return force != null && force.until() == null && force.at().isBefore(then);
    }

    private static boolean counts(Suspension suspension, Suspension.Terms terms, Instant at) {
        return suspension.at().isAfter(at.minusMillis(terms.withinMillis()));
    }

    /** The owner group that a provider declared; its wallet where it never registered. */
    public static String groupOf(@Nullable Provider provider, Wallet wallet) {
        return provider == null ? wallet.toString() : provider.ownerGroup();
    }

    /** The provider's standing with the network. */
    public enum Standing {
        NONE,
        REGISTERED,
        ACTIVE
    }

    @Override
    public List<ProviderEvent> decide(ProviderCommand command) {
        return switch (command) {
            case RegisterProvider c -> register(c);
            case ActivateProvider c -> {
                Refused.unless(standing != Standing.NONE, Reason.NOT_FOUND, "no provider " + c.provider());
                yield standing == Standing.ACTIVE ? List.of() : List.of(new ProviderActivated(c.provider(), c.at()));
            }
            case SuspendProvider c -> suspend(c);
            case SuspendForQuality c -> suspend(c);
            case ExpelProvider c -> expel(c);
            case ReinstateProvider c ->
                timeIsOver(c.machine(), c.at())
                        ? List.of(new ProviderReinstated(c.provider(), c.machine(), c.at()))
                        : List.of();
            case ReadmitMachine c ->
                timeIsOver(c.machine(), c.at())
                        ? List.of(new MachineReadmitted(c.provider(), c.machine(), c.inspection(), c.day(), c.at()))
                        : List.of();
            case LiftSuspension c ->
                suspensions().stream().anyMatch(s -> isOf(s, c.penaltyCase()))
                        ? List.of(new SuspensionLifted(c.provider(), c.penaltyCase(), c.terms(), c.at()))
                        : List.of();
        };
    }

    private List<ProviderEvent> suspend(SuspendProvider c) {
        Refused.unless(standing != Standing.NONE, Reason.NOT_FOUND, "no provider " + c.provider());
        boolean known = suspensions().stream().anyMatch(s -> isOf(s, c.penaltyCase()));
        if (known || isCutOff(c.machine())) {
            return List.of();
        }
        return isLast(c.machine(), c.terms(), c.at())
                ? List.of(new ProviderCutOff(c.provider(), c.machine(), c.penaltyCase(), c.at()))
                : List.of(new ProviderSuspended(
                        c.provider(), c.machine(), c.penaltyCase(), c.terms().until(c.at()), c.at()));
    }

    /** A machine that gets no work already is not suspended for its quality once more. */
    private List<ProviderEvent> suspend(SuspendForQuality c) {
        Refused.unless(standing != Standing.NONE, Reason.NOT_FOUND, "no provider " + c.provider());
        if (inForce(c.machine()) != null) {
            return List.of();
        }
        return isLast(c.machine(), c.terms(), c.at())
                ? List.of(new CutOffForQuality(c.provider(), c.machine(), c.quality(), c.at()))
                : List.of(new SuspendedForQuality(
                        c.provider(), c.machine(), c.quality(), c.terms().until(c.at()), c.at()));
    }

    private List<ProviderEvent> expel(ExpelProvider c) {
        Refused.unless(standing != Standing.NONE, Reason.NOT_FOUND, "no provider " + c.provider());
        return suspensions().stream().anyMatch(s -> isOf(s, c.penaltyCase()))
                ? List.of()
                : List.of(new ProviderExpelled(c.provider(), c.penaltyCase(), c.at()));
    }

    private static boolean isOf(Suspension suspension, CaseId penaltyCase) {
        return penaltyCase.equals(suspension.penaltyCase());
    }

    private boolean isCutOff(MachineId machine) {
        Suspension now = inForce(machine);
        return now != null && now.until() == null;
    }

    /** Whether one more suspension would be one too many. */
    private boolean isLast(MachineId machine, Suspension.Terms terms, Instant at) {
        long counted = suspensions().stream()
                .filter(s -> machine.equals(s.machine()) && counts(s, terms, at))
                .count();
        return counted + 1 >= terms.cutOffAt();
    }

    /** False where nothing ends; error: {@link Refused} before the time has come. */
    private boolean timeIsOver(MachineId machine, Instant at) {
        Suspension now = inForce(machine);
        Instant until = now == null ? null : now.until();
        if (until == null) {
            return false;
        }
        Refused.unless(!at.isBefore(until), Reason.WRONG_STATE, machine + " is suspended until " + until);
        return true;
    }

    private List<ProviderEvent> register(RegisterProvider c) {
        c.authorization().requireBy(c.provider());
        if (standing != Standing.NONE) {
            Refused.unless(
                    c.name().equals(name) && c.ownerGroup().equals(ownerGroup),
                    Reason.ALREADY_REGISTERED,
                    c.provider() + " is registered as " + name);
            return List.of();
        }
        requireName("name", c.name());
        requireName("ownerGroup", c.ownerGroup());
        return List.of(new ProviderRegistered(c.provider(), c.name(), c.ownerGroup(), c.authorization(), c.at()));
    }

    private static void requireName(String field, String value) {
        Refused.unless(
                !value.isBlank() && value.length() <= Limits.NAME_CHARS,
                Reason.INVALID_SPEC,
                field + " must have 1 to " + Limits.NAME_CHARS + " characters");
    }

    @Override
    public Provider evolve(ProviderEvent event) {
        return switch (event) {
            case ProviderRegistered e -> new Provider(Standing.REGISTERED, e.name(), e.ownerGroup(), null);
            case ProviderActivated e -> new Provider(Standing.ACTIVE, name, ownerGroup, suspensions);
            case ProviderSuspended e -> with(new Suspension(e.machine(), e.penaltyCase(), e.at(), e.until(), false));
            case ProviderCutOff e -> with(new Suspension(e.machine(), e.penaltyCase(), e.at(), null, false));
            case SuspendedForQuality e ->
                with(new Suspension(e.machine(), null, e.at(), e.until(), false, e.quality()));
            case CutOffForQuality e -> with(new Suspension(e.machine(), null, e.at(), null, false, e.quality()));
            case ProviderExpelled e -> with(new Suspension(null, e.penaltyCase(), e.at(), null, false, null));
            case ProviderReinstated e -> ended(s -> e.machine().equals(s.machine()));
            case MachineReadmitted e -> ended(s -> e.machine().equals(s.machine()));
            case SuspensionLifted e -> lifted(e.penaltyCase(), e.terms());
        };
    }

    private Provider ended(Predicate<Suspension> which) {
        return with(
                suspensions().stream().map(s -> which.test(s) ? s.ended() : s).toList());
    }

    /** As if it had never been: it does not count towards a cut-off either, nor towards the one in force. */
    private Provider lifted(CaseId penaltyCase, Suspension.@Nullable Terms terms) {
        Provider rest =
                with(suspensions().stream().filter(s -> !isOf(s, penaltyCase)).toList());
        return terms == null
                ? rest
                : rest.with(rest.suspensions().stream()
                        .map(s -> s.isCutOff() && !rest.isOneTooMany(s, terms) ? s.endingAt(terms.until(s.at())) : s)
                        .toList());
    }

    private boolean isOneTooMany(Suspension last, Suspension.Terms terms) {
        Instant from = last.at().minusMillis(terms.withinMillis());
        return suspensions().stream()
                        .filter(s -> Objects.equals(s.machine(), last.machine()))
                        .filter(s -> s.at().isAfter(from) && !s.at().isAfter(last.at()))
                        .count()
                >= terms.cutOffAt();
    }

    private Provider with(List<Suspension> changed) {
        return new Provider(standing, name, ownerGroup, changed);
    }

    private Provider with(Suspension added) {
        List<Suspension> all = new ArrayList<>(suspensions());
        all.add(added);
        MachineId machine = added.machine();
        List<Suspension> same =
                all.stream().filter(s -> Objects.equals(s.machine(), machine)).toList();
        if (same.size() > KEPT_A_MACHINE) {
            all.remove(same.getFirst());
        }
        return with(all);
    }
}
