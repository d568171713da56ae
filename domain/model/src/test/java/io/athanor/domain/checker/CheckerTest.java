package io.athanor.domain.checker;

import static io.athanor.domain.testing.Samples.at;

import io.athanor.domain.checker.CheckerCommand.ActivateChecker;
import io.athanor.domain.checker.CheckerCommand.JailChecker;
import io.athanor.domain.checker.CheckerCommand.RegisterChecker;
import io.athanor.domain.checker.CheckerCommand.ReleaseChecker;
import io.athanor.domain.checker.CheckerCommand.TombstoneChecker;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerActivated;
import io.athanor.domain.checker.CheckerEvent.CheckerJailed;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.checker.CheckerEvent.CheckerReleased;
import io.athanor.domain.checker.CheckerEvent.CheckerTombstoned;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.testing.Scenario;
import org.junit.jupiter.api.Test;

class CheckerTest {
    private static final Region REGION = new Region("eu-west");
    private static final String ENDPOINT = "https://checker.example:8500";
    private final Samples samples = new Samples(9);
    private final Wallet wallet = samples.wallet();
    private final Wallet attester = samples.wallet();
    private final Authorization signed = samples.authorization(wallet);

    private RegisterChecker register(String owner, String network, String endpoint, Authorization authorization) {
        return new RegisterChecker(wallet, owner, network, REGION, endpoint, attester, authorization, at(0));
    }

    @Test
    void aCheckerRegistersOnceWithItsAttester() {
        var after = Scenario.checker()
                .when(register("o", "as-1", ENDPOINT, signed))
                .events(
                        new CheckerRegistered(wallet, "o", "as-1", REGION, ENDPOINT, signed, at(0)),
                        new AttesterAuthorised(wallet, attester, at(0)));
        after.when(register("o", "as-1", ENDPOINT, signed)).nothing();
        after.when(register("o", "as-1", "https://other.example", signed)).refused(Reason.ALREADY_REGISTERED);
        after.when(register("o", "as-2", ENDPOINT, signed)).refused(Reason.ALREADY_REGISTERED);
    }

    @Test
    void whatIsDeclaredHasAForm() {
        Scenario.checker().when(register("", "as-1", ENDPOINT, signed)).refused(Reason.INVALID_SPEC, "ownerGroup");
        Scenario.checker().when(register("o", " ", ENDPOINT, signed)).refused(Reason.INVALID_SPEC, "networkGroup");
        Scenario.checker().when(register("o", "n", "ftp://x", signed)).refused(Reason.INVALID_SPEC, "endpoint");
        Scenario.checker()
                .when(register("o", "n", "http://x:1/path?a", signed))
                .refused(Reason.INVALID_SPEC, "endpoint");
        Authorization byKey = samples.authorization(wallet, attester);
        Scenario.checker().when(register("o", "n", ENDPOINT, byKey)).refused(Reason.NOT_ALLOWED);
    }

    @Test
    void aCheckerIsActivatedOnce() {
        ActivateChecker activate = new ActivateChecker(wallet, at(1));
        Scenario.checker().when(activate).refused(Reason.NOT_FOUND);
        Scenario.checker()
                .done(register("o", "n", ENDPOINT, signed))
                .when(activate)
                .events(new CheckerActivated(wallet, at(1)))
                .when(activate)
                .nothing();
    }

    @Test
    void aJailedCheckerServesItsTime() {
        JailChecker jail = new JailChecker(wallet, 2, 20, at(100), at(10));
        Scenario.checker().when(jail).refused(Reason.NOT_FOUND);
        var active =
                Scenario.checker().done(register("o", "n", ENDPOINT, signed)).done(new ActivateChecker(wallet, at(1)));
        active.when(new JailChecker(wallet, 2, 20, at(10), at(10))).refused(Reason.INVALID_SPEC);
        var jailed = active.when(jail).events(new CheckerJailed(wallet, 2, 20, at(100), at(10)));
        jailed.when(jail).nothing();
        jailed.when(new ActivateChecker(wallet, at(11))).nothing();
        jailed.when(new ReleaseChecker(wallet, at(99))).refused(Reason.WRONG_STATE, "jailed until");
        jailed.when(new ReleaseChecker(wallet, at(100)))
                .events(new CheckerReleased(wallet, at(100)))
                .when(new ReleaseChecker(wallet, at(101)))
                .nothing();
    }

    @Test
    void aTombstoneIsForEver() {
        TombstoneChecker end = new TombstoneChecker(wallet, "case", at(5));
        Scenario.checker().when(end).refused(Reason.NOT_FOUND);
        var over = Scenario.checker()
                .done(register("o", "n", ENDPOINT, signed))
                .when(end)
                .events(new CheckerTombstoned(wallet, "case", at(5)));
        over.when(end).nothing();
        over.when(new ActivateChecker(wallet, at(6))).nothing();
        over.when(new JailChecker(wallet, 2, 20, at(100), at(10))).nothing();
        over.when(new ReleaseChecker(wallet, at(101))).nothing();
    }
}
