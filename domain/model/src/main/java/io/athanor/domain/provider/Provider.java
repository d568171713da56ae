package io.athanor.domain.provider;

import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.provider.ProviderCommand.ActivateProvider;
import io.athanor.domain.provider.ProviderCommand.RegisterProvider;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import java.util.List;

/** Who rents out machines. Invariant: NONE → REGISTERED → ACTIVE, and a name and owner group once registered. */
public record Provider(Standing standing, String name, String ownerGroup)
        implements State<Provider, ProviderCommand, ProviderEvent> {
    public static final Provider EMPTY = new Provider(Standing.NONE, "", "");

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
        };
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
            case ProviderRegistered e -> new Provider(Standing.REGISTERED, e.name(), e.ownerGroup());
            case ProviderActivated e -> new Provider(Standing.ACTIVE, name, ownerGroup);
        };
    }
}
