package io.athanor.saga.live;

import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.provider.Provider;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The part of the fold that keeps machines and pools as they were when an epoch gave way: what its books are made of. */
final class LiveBooks {
    private final Live live;
    private final LiveIndexes indexes;

    LiveBooks(Live live, LiveIndexes indexes) {
        this.live = live;
        this.indexes = indexes;
    }

    /** @param epoch that gives way, null before the first */
    void freeze(@Nullable Long epoch) {
        if (epoch != null) {
            eachLiveSubject(epoch, id -> live.changeMachine(id, machine -> machine.freeze(epoch)));
            freezePools(epoch);
        }
    }

    /** The epoch's books are closed. */
    void thaw(long epoch) {
        eachLiveSubject(epoch, id -> live.changeMachine(id, machine -> machine.thaw(epoch)));
    }

    private void freezePools(long epoch) {
        LiveNetwork now = live.network.get(Live.NETWORK);
        if (now == null) {
            return;
        }
        long day = epoch / now.protocol().current().parameters().timing().epochsPerDay();
        EpochPools shared =
                EpochPools.of(live.pools.rows(), day, LiveReadiness.waiting(live, now.protocol()), withoutWork(epoch));
        if (!shared.equals(EpochPools.NONE)) {
            live.epochPools.put(epoch, shared);
        }
    }

    private Set<MachineId> withoutWork(long epoch) {
        Set<MachineId> kept = new HashSet<>();
        eachLiveSubject(epoch, id -> {
            LiveMachine machine = live.machines.get(id);
            Wallet owner = machine == null ? null : machine.machine().provider();
            Provider provider = owner == null ? null : live.providers.get(owner);
            if (provider != null && provider.inForce(id) != null) {
                kept.add(id);
            }
        });
        return kept;
    }

    private void eachLiveSubject(long epoch, Consumer<MachineId> action) {
        for (RoundId id : indexes.roundsOf(epoch)) {
            LiveRound round = live.rounds.get(id);
            if (round != null && id.kind() == RoundId.Kind.LIVENESS) {
                round.opened().subjects().forEach(subject -> {
                    if (subject instanceof Subject.MachineSubject known) {
                        action.accept(known.machine());
                    }
                });
            }
        }
    }
}
