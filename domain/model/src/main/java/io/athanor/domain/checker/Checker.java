package io.athanor.domain.checker;

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
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The licence to attest.
 *
 * <p>Invariant: NONE → REGISTERED → ACTIVE ⇄ JAILED; any → TOMBSTONED, which is for ever; one attester key at a time.
 *
 * @param registration what was declared, null before
 * @param jailedUntil null while it is not jailed
 */
public record Checker(
        Standing standing,
        @Nullable CheckerRegistered registration,
        @Nullable Wallet attester,
        @Nullable Instant jailedUntil)
        implements State<Checker, CheckerCommand, CheckerEvent> {
    public static final Checker EMPTY = new Checker(Standing.NONE, null, null, null);
    private static final String ENDPOINT = "https?://[A-Za-z0-9.:\\[\\]-]{1,200}";

    /** The checker's standing with the network. */
    public enum Standing {
        NONE,
        REGISTERED,
        ACTIVE,
        /** Not drawn until its time is over. */
        JAILED,
        /** Signed two reports for one round: never drawn again. */
        TOMBSTONED
    }

    /** The owner group that a checker declared; its wallet where it never registered. */
    public static String groupOf(@Nullable Checker checker, Wallet wallet) {
        return checker == null || checker.registration == null ? wallet.toString() : checker.registration.ownerGroup();
    }

    @Override
    public List<CheckerEvent> decide(CheckerCommand command) {
        return switch (command) {
            case RegisterChecker c -> register(c);
            case ActivateChecker c -> {
                requireKnown(c);
                yield standing == Standing.REGISTERED ? List.of(new CheckerActivated(c.checker(), c.at())) : List.of();
            }
            case JailChecker c -> jail(c);
            case ReleaseChecker c -> release(c);
            case TombstoneChecker c -> {
                requireKnown(c);
                yield standing == Standing.TOMBSTONED
                        ? List.of()
                        : List.of(new CheckerTombstoned(c.checker(), c.because(), c.at()));
            }
        };
    }

    private void requireKnown(CheckerCommand c) {
        Refused.unless(standing != Standing.NONE, Reason.NOT_FOUND, "no checker " + c.checker());
    }

    private List<CheckerEvent> jail(JailChecker c) {
        requireKnown(c);
        Refused.unless(c.until().isAfter(c.at()), Reason.INVALID_SPEC, "a time in jail ends after it begins");
        return standing == Standing.ACTIVE
                ? List.of(new CheckerJailed(c.checker(), c.wrong(), c.rounds(), c.until(), c.at()))
                : List.of();
    }

    private List<CheckerEvent> release(ReleaseChecker c) {
        requireKnown(c);
        if (standing != Standing.JAILED) {
            return List.of();
        }
        boolean served = jailedUntil == null || !c.at().isBefore(jailedUntil);
        Refused.unless(served, Reason.WRONG_STATE, c.checker() + " is jailed until " + jailedUntil);
        return List.of(new CheckerReleased(c.checker(), c.at()));
    }

    private List<CheckerEvent> register(RegisterChecker c) {
        c.authorization().requireBy(c.checker());
        if (registration != null) {
            boolean same = c.endpoint().equals(registration.endpoint())
                    && c.attester().equals(attester)
                    && c.ownerGroup().equals(registration.ownerGroup())
                    && c.networkGroup().equals(registration.networkGroup())
                    && c.region().equals(registration.region());
            Refused.unless(same, Reason.ALREADY_REGISTERED, c.checker() + " is registered with " + attester);
            return List.of();
        }
        Refused.unless(c.endpoint().matches(ENDPOINT), Reason.INVALID_SPEC, "endpoint must be http(s)://host:port");
        requireGroup("ownerGroup", c.ownerGroup());
        requireGroup("networkGroup", c.networkGroup());
        return List.of(
                new CheckerRegistered(
                        c.checker(),
                        c.ownerGroup(),
                        c.networkGroup(),
                        c.region(),
                        c.endpoint(),
                        c.authorization(),
                        c.at()),
                new AttesterAuthorised(c.checker(), c.attester(), c.at()));
    }

    private static void requireGroup(String field, String group) {
        Refused.unless(
                !group.isBlank() && group.length() <= Limits.NAME_CHARS,
                Reason.INVALID_SPEC,
                field + " must have 1 to " + Limits.NAME_CHARS + " characters");
    }

    @Override
    public Checker evolve(CheckerEvent event) {
        return switch (event) {
            case CheckerRegistered e -> new Checker(Standing.REGISTERED, e, attester, null);
            case AttesterAuthorised e -> new Checker(standing, registration, e.attester(), jailedUntil);
            case CheckerActivated e -> new Checker(Standing.ACTIVE, registration, attester, null);
            case CheckerJailed e -> new Checker(Standing.JAILED, registration, attester, e.until());
            case CheckerReleased e -> new Checker(Standing.ACTIVE, registration, attester, null);
            case CheckerTombstoned e -> new Checker(Standing.TOMBSTONED, registration, attester, null);
        };
    }
}
