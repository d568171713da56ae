package io.athanor.saga.fleet;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.stake.OfferStake;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand.CommitStake;
import io.athanor.domain.stake.StakePoolCommand.ReleaseCommitment;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.live.Obligations;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is committed to a machine on offer by what its GPUs require, in wei.
 *
 * <p>Less is let go as soon as the machine holds no lease and has nothing to answer for ({@link Obligations}), or GPUs
 * would leave with the stake behind them. More is asked for with the next certificate: whoever adds GPUs has them inspected, and takes no
 * work before the stake for all of them is there.
 */
public final class StakeBehindOffers {
    private final LiveSet live;

    public StakeBehindOffers(LiveSet live) {
        this.live = live;
    }

    /** What a certificate asks for. */
    public enum Cover {
        /** It is committed, or none is asked for. */
        HELD,
        /** {@link #commit} has to come with the certificate. */
        FREE,
        /** The provider has to bond more first. */
        MISSING
    }

    /** Whether a machine with this score would have its stake. */
    public Cover cover(MachineId id, Machine machine, long score) {
        Ath required = required(machine, score);
        StakePool pool = pool(machine);
        Ath committed = committed(id, pool);
        if (committed.covers(required)) {
            return Cover.HELD;
        }
        Ath needed = pool.own().required().minus(committed).plus(required);
        return pool.selfBond().covers(needed) ? Cover.FREE : Cover.MISSING;
    }

    /** Commits what a machine with this score requires. */
    public Command commit(MachineId id, Machine machine, long score, Instant now) {
        return new CommitStake(owner(machine), id, required(machine, score), now);
    }

    /** Lets go of what its GPUs do not require any more: some left, count less, it retired, or it was cut off. */
    List<Command> release(MachineId id, Machine machine, Instant now) {
        Ath committed = committed(id, pool(machine));
        boolean gone = machine.standing() == Standing.RETIRED || isOut(id, machine, now);
        Ath required = gone ? Ath.ZERO : required(machine, machine.score());
        boolean isKept = committed.isZero() || !gone && required.covers(committed);
        if (isKept
                || !machine.reserved().isEmpty()
                || Obligations.of(live, id, now).isPresent()) {
            return List.of();
        }
        Command release = new ReleaseCommitment(owner(machine), id, now);
        return required.isZero()
                ? List.of(release)
                : List.of(release, new CommitStake(owner(machine), id, required, now));
    }

    /** Cut off, and nobody can appeal any more: it takes no work, and never retires. */
    private boolean isOut(MachineId id, Machine machine, Instant now) {
        Wallet owner = machine.provider();
        Provider provider = owner == null ? null : live.provider(owner);
        ProtocolParameters rules = parameters();
        return provider != null
                && rules != null
                && provider.isOutSince(
                        id,
                        now.minusMillis(rules.accountable().penalties().appealDays()
                                * rules.timing().dayMillis()));
    }

    /** Zero without a price: nothing is offered yet. */
    private Ath required(Machine machine, long score) {
        Inventory inventory = machine.inventory();
        ProtocolParameters parameters = parameters();
        return inventory == null || machine.price() == null || parameters == null
                ? Ath.ZERO
                : OfferStake.required(inventory, score, parameters);
    }

    private @Nullable ProtocolParameters parameters() {
        LiveNetwork network = live.network();
        return network == null ? null : network.protocol().current().parameters();
    }

    private StakePool pool(Machine machine) {
        Wallet provider = machine.provider();
        StakePool known = provider == null ? null : live.pool(PoolId.ofProvider(provider));
        return known == null ? StakePool.EMPTY : known;
    }

    private static Ath committed(MachineId id, StakePool pool) {
        return pool.own().committed().getOrDefault(id, Ath.ZERO);
    }

    private static PoolId owner(Machine machine) {
        return PoolId.ofProvider(Objects.requireNonNull(machine.provider(), "a machine on offer has a provider"));
    }
}
