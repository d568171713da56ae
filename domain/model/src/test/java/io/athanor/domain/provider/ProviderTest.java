package io.athanor.domain.provider;

import static io.athanor.domain.testing.Samples.at;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.provider.ProviderCommand.ActivateProvider;
import io.athanor.domain.provider.ProviderCommand.RegisterProvider;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
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
