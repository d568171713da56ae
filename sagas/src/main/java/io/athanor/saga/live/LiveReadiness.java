package io.athanor.saga.live;

import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.stake.StakePool;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who holds an upgrade's programs, from live rows. */
public final class LiveReadiness {
    private LiveReadiness() {}

    /** For the upgrade that waits; null where none does. */
    static @Nullable Readiness waiting(Live live, Protocol protocol) {
        UpgradeAnnounced upgrade = protocol.upgrade();
        Proposal proposal = upgrade == null ? null : live.proposals.get(upgrade.proposal());
        return proposal == null || protocol.upgradeDue() == null
                ? null
                : of(proposal, machines(live.machines.rows()), live.checkers.rows(), live.pools.rows(), protocol);
    }

    /** For a proposal now; the set's monitor is held. */
    public static Readiness of(LiveSet live, Proposal proposal, Protocol protocol) {
        return of(
                proposal,
                machines(map(live.machines(), live::machine)),
                map(live.checkers(), live::checker),
                map(live.pools(), live::pool),
                protocol);
    }

    private static <K, V> Map<K, V> map(Collection<K> keys, Function<K, @Nullable V> values) {
        Map<K, V> all = new HashMap<>();
        for (K key : keys) {
            V value = values.apply(key);
            if (value != null) {
                all.put(key, value);
            }
        }
        return all;
    }

    private static Map<MachineId, Machine> machines(Map<MachineId, LiveMachine> rows) {
        Map<MachineId, Machine> all = new HashMap<>();
        rows.forEach((id, machine) -> all.put(id, machine.machine()));
        return all;
    }

    private static Readiness of(
            Proposal proposal,
            Map<MachineId, Machine> machines,
            Map<Wallet, Checker> checkers,
            Map<PoolId, StakePool> pools,
            Protocol protocol) {
        return Readiness.of(
                proposal,
                machines,
                checkers,
                pools,
                protocol.nodes(),
                protocol.current().parameters().reward().modelPpm());
    }
}
