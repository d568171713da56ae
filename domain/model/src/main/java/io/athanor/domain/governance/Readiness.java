package io.athanor.domain.governance;

import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.ModelWeight;
import io.athanor.domain.stake.StakePool;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much of the network holds the programs of an upgrade: capacity of machines, stake of checkers and nodes of the control
 * plane, those who reported and all of them.
 *
 * <p>Invariant: what is ready is part of all. Machines count that are certified and online, checkers that may be drawn, nodes
 * that are registered; a pure function of the three, whatever their order. Machines and checkers weigh by share; of the nodes all
 * are needed, since one that decided by older rules would write a history that nobody else can compute, and a node that is gone
 * is taken off the register.
 *
 * @param readyPpm capacity, in ppm of an H100, as {@link ModelWeight} has it
 * @param readyStake own and delegated, in wei
 * @param nodes null where none is registered
 */
public record Readiness(
        long readyPpm,
        long allPpm,
        Ath readyStake,
        Ath allStake,
        @Nullable Nodes nodes) {
    private static final BigInteger BPS = BigInteger.valueOf(10_000);

    /** Where no node is registered. */
    public Readiness(long readyPpm, long allPpm, Ath readyStake, Ath allStake) {
        this(readyPpm, allPpm, readyStake, allStake, null);
    }

    /** Registered nodes of the control plane. */
    public record Nodes(int ready, int all) {
        private static @Nullable Nodes of(Proposal proposal, Set<Wallet> nodes) {
            int ready = (int) nodes.stream()
                    .filter(node -> proposal.isReady(StreamId.of(StreamId.NODE, node)))
                    .count();
            return nodes.isEmpty() ? null : new Nodes(ready, nodes.size());
        }
    }

    /**
     * How it stands.
     *
     * @param nodes that are registered
     * @param modelPpm K by model name, in ppm
     */
    public static Readiness of(
            Proposal proposal,
            Map<MachineId, Machine> machines,
            Map<Wallet, Checker> checkers,
            Map<PoolId, StakePool> pools,
            Set<Wallet> nodes,
            Map<String, Long> modelPpm) {
        long readyPpm = 0;
        long allPpm = 0;
        for (Map.Entry<MachineId, Machine> entry : machines.entrySet()) {
            Machine machine = entry.getValue();
            if (machine.standing() == Machine.Standing.CERTIFIED && machine.online()) {
                long weight = ModelWeight.ppm(machine, modelPpm);
                allPpm += weight;
                readyPpm += proposal.isReady(StreamId.of(StreamId.MACHINE, entry.getKey())) ? weight : 0;
            }
        }
        Ath readyStake = Ath.ZERO;
        Ath allStake = Ath.ZERO;
        for (Map.Entry<Wallet, Checker> entry : checkers.entrySet()) {
            if (entry.getValue().standing() == Checker.Standing.ACTIVE) {
                StakePool pool = pools.getOrDefault(PoolId.ofChecker(entry.getKey()), StakePool.EMPTY);
                allStake = allStake.plus(pool.total());
                boolean ready = proposal.isReady(StreamId.of(StreamId.CHECKER, entry.getKey()));
                readyStake = ready ? readyStake.plus(pool.total()) : readyStake;
            }
        }
        return new Readiness(readyPpm, allPpm, readyStake, allStake, Nodes.of(proposal, nodes));
    }

    /** Of the capacity, floored; whole where there is none. */
    public int capacityBps() {
        return bps(BigInteger.valueOf(readyPpm), BigInteger.valueOf(allPpm));
    }

    /** Of the stake, floored; whole where there is none. */
    public int stakeBps() {
        return bps(readyStake.wei(), allStake.wei());
    }

    private static int bps(BigInteger ready, BigInteger all) {
        return all.signum() == 0
                ? BPS.intValue()
                : ready.multiply(BPS).divide(all).intValue();
    }

    /** Whether capacity and stake reach it, and every registered node is ready. */
    public boolean reaches(int bps) {
        return capacityBps() >= bps && stakeBps() >= bps && (nodes == null || nodes.ready() == nodes.all());
    }

    /** A sentence for people. */
    public String says(int required) {
        return capacityBps() + " bps of the capacity and " + stakeBps() + " bps of the stake are ready; " + required
                + " bps of both are needed"
                + (nodes == null ? "" : ", and every node: " + nodes.ready() + " of " + nodes.all() + " are ready");
    }
}
