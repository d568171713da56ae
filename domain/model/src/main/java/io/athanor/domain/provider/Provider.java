package io.athanor.domain.provider;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.provider.ProviderCommand.ActivateProvider;
import io.athanor.domain.provider.ProviderCommand.RegisterProvider;
import io.athanor.domain.provider.ProviderCommand.ReinstateProvider;
import io.athanor.domain.provider.ProviderCommand.SuspendProvider;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.domain.provider.ProviderEvent.ProviderCutOff;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.provider.ProviderEvent.ProviderReinstated;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who rents out machines. Invariant: NONE → REGISTERED → ACTIVE, and a name and owner group once registered; one case
 * suspends one machine once, and a machine that was cut off stays so. Suspension is a machine's, so that one that fails
 * takes no work from the thousand of its owner that do not.
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
                .filter(s -> s.machine().equals(machine) && !s.over())
                .reduce((earlier, later) -> later)
                .orElse(null);
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
            case ReinstateProvider c -> reinstate(c);
        };
    }

    private List<ProviderEvent> suspend(SuspendProvider c) {
        Refused.unless(standing != Standing.NONE, Reason.NOT_FOUND, "no provider " + c.provider());
        Suspension now = inForce(c.machine());
        boolean known = suspensions().stream().anyMatch(s -> s.penaltyCase().equals(c.penaltyCase()));
        if (known || now != null && now.until() == null) {
            return List.of();
        }
        Instant from = c.at().minusMillis(c.terms().withinMillis());
        long counted = suspensions().stream()
                .filter(s -> s.machine().equals(c.machine()) && s.at().isAfter(from))
                .count();
        Instant until = c.at().plusMillis(c.terms().cleanMillis());
        return counted + 1 >= c.terms().cutOffAt()
                ? List.of(new ProviderCutOff(c.provider(), c.machine(), c.penaltyCase(), c.at()))
                : List.of(new ProviderSuspended(c.provider(), c.machine(), c.penaltyCase(), until, c.at()));
    }

    private List<ProviderEvent> reinstate(ReinstateProvider c) {
        Suspension now = inForce(c.machine());
        Instant until = now == null ? null : now.until();
        if (until == null) {
            return List.of();
        }
        Refused.unless(!c.at().isBefore(until), Reason.WRONG_STATE, c.machine() + " is suspended until " + until);
        return List.of(new ProviderReinstated(c.provider(), c.machine(), c.at()));
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
            case ProviderReinstated e ->
                with(suspensions().stream()
                        .map(s -> s.machine().equals(e.machine()) ? s.ended() : s)
                        .toList());
        };
    }

    private Provider with(List<Suspension> changed) {
        return new Provider(standing, name, ownerGroup, changed);
    }

    private Provider with(Suspension added) {
        List<Suspension> all = new ArrayList<>(suspensions());
        all.add(added);
        long ofMachine =
                all.stream().filter(s -> s.machine().equals(added.machine())).count();
        if (ofMachine > KEPT_A_MACHINE) {
            all.remove(all.stream()
                    .filter(s -> s.machine().equals(added.machine()))
                    .findFirst()
                    .orElseThrow());
        }
        return with(all);
    }
}
