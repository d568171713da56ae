package io.athanor.domain.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Refused;
import io.athanor.domain.protocol.Accountability.Band;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.ProtocolParameters.Jail;
import io.athanor.domain.testing.SampleParameters;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountabilityBoundsTest {
    private static final Accountability GOOD = Accountability.STANDARD;

    private static void refused(Accountability rules, String name) {
        assertThatThrownBy(() -> AccountabilityBounds.require(rules))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(name);
    }

    @Test
    void theStandardKeepsItsOwnBoundsAndIsInForceWhereNothingIsStated() {
        assertThatCode(() -> AccountabilityBounds.require(GOOD)).doesNotThrowAnyException();
        assertThat(SampleParameters.get().accountable()).isEqualTo(GOOD);
    }

    @Test
    void aJailHasATermAndShareIsAShare() {
        refused(with(new Jail(7, 2, 10_001, 30, 1_000)), "jail.wrongBps");
        refused(with(new Jail(7, 2, 500, 0, 1_000)), "jail.jailDays");
        refused(with(new Jail(0, 2, 500, 30, 1_000)), "jail.windowDays");
    }

    private static Accountability with(Jail jail) {
        return new Accountability(jail, GOOD.standing(), GOOD.credits(), GOOD.penalties());
    }

    @Test
    void throttlingComesBeforeSuspension() {
        Standing bad = new Standing(600_000, 700_000, 3, 3, 30, 7, 7, List.of(1, 1, 1, 1));
        refused(new Accountability(GOOD.jail(), bad, GOOD.credits(), GOOD.penalties()), "standing.throttlePpm");
        Standing power = new Standing(900_000, 700_000, 3, 3, 30, 7, 7, List.of(1, 1, 1, 5));
        refused(new Accountability(GOOD.jail(), power, GOOD.credits(), GOOD.penalties()), "standing.exponents");
    }

    @Test
    void bandsRise() {
        var p = GOOD.penalties();
        var bad = new Accountability.Penalties(
                p.schedule(),
                List.of(new Band(10, 400), new Band(10, 800)),
                p.flatBps(),
                p.committee(),
                p.stayDays(),
                p.appealDays(),
                p.deposits(),
                p.checkers(),
                p.uncommitteed(),
                p.shares(),
                p.outage());
        refused(new Accountability(GOOD.jail(), GOOD.standing(), GOOD.credits(), bad), "penalties.downtime.from");
    }
}
