package io.athanor.saga.penalty;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.penalty.PenaltyCase.Stage;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.live.LiveCase;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The parameters and limits that a case's figures follow. */
record CaseTerms(LiveSet live, LiveNetwork network) {
    ProtocolParameters parameters() {
        return network.protocol().current().parameters();
    }

    /** A pool, the empty one where nobody has bonded. */
    static StakePool poolOf(LiveSet live, PoolId id) {
        StakePool pool = live.pool(id);
        return pool == null ? StakePool.EMPTY : pool;
    }

    /** The settlement day of an instant. */
    long day(Instant at) {
        var begun = network.protocol().network();
        if (begun == null) {
            throw new IllegalStateException("a case before the network began");
        }
        return StakeRules.day(at, begun.genesis(), parameters().timing());
    }

    /**
     * The rate of an offence as of now, by the agreements of the leases that it ended; 0 where nothing is due yet.
     *
     * @param ended when an outage ended, null while it goes on
     */
    long rateBps(Offence offence, @Nullable Instant ended, Instant now) {
        return network.schedules().rateBps(offence, ended, now, parameters());
    }

    boolean isTop(Offence offence, long bps) {
        return network.schedules().isTop(offence, bps, parameters());
    }

    @Nullable Instant nextRise(Downtime outage, Instant now) {
        return network.schedules().nextRise(outage, now, parameters());
    }

    /** The penalty at a rate, as a large committee may authorise it. */
    Ath due(Offence offence, long rateBps) {
        return PenaltyPolicy.amount(offence, rateBps, atRisk(offence));
    }

    /** The penalty at a rate, within what may be taken without a large committee. */
    Ath amount(Offence offence, long rateBps, CaseId id) {
        Ath most = PenaltyPolicy.uncommitteedMost(atRisk(offence), takenBefore(offence.accused(), id), parameters());
        return due(offence, rateBps).min(most);
    }

    /** The penalty as the case stands. A dispute freezes all of it, since nothing of it is taken without a committee. */
    Ath amount(PenaltyCase state, long rateBps) {
        Offence offence = state.known().offence();
        return state.isAuthorised() || offence instanceof Dispute
                ? due(offence, rateBps)
                : amount(offence, rateBps, state.known().id());
    }

    private Ath atRisk(Offence offence) {
        return poolOf(live, offence.accused()).atRisk(day(offence.since()));
    }

    /** By other cases of the pool within the window that no large committee authorised, executed or about to be. */
    private Ath takenBefore(PoolId pool, CaseId id) {
        Ath sum = Ath.ZERO;
        for (CaseId other : live.cases()) {
            LiveCase known = live.penaltyCase(other);
            if (known != null
                    && !other.equals(id)
                    && known.state().stage() != Stage.DISMISSED
                    && !known.state().isAuthorised()
                    && !(known.state().known().offence() instanceof Dispute)
                    && known.state().known().offence().accused().equals(pool)) {
                sum = sum.plus(known.slashed() ? known.taken() : known.state().amount());
            }
        }
        return sum;
    }
}
