package io.athanor.saga.economy;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The network's settlement days. */
record StakeDays(Instant genesis, ProtocolParameters parameters) {
    /** Null before the network began. */
    static @Nullable StakeDays of(@Nullable LiveNetwork network) {
        NetworkBegun begun = network == null ? null : network.protocol().network();
        return network == null || begun == null
                ? null
                : new StakeDays(begun.genesis(), network.protocol().current().parameters());
    }

    /** Error: {@link Refused} UNAVAILABLE before the network began. */
    static StakeDays known(LiveSet live) {
        StakeDays days = of(live.network());
        if (days == null) {
            throw new Refused(Reason.UNAVAILABLE, "the network has not begun yet");
        }
        return days;
    }

    long day(Instant at) {
        return StakeRules.day(at, genesis, parameters.timing());
    }

    Instant start(long day) {
        return StakeRules.start(day, genesis, parameters.timing());
    }

    StakeRules rules() {
        return StakeRules.of(parameters);
    }
}
