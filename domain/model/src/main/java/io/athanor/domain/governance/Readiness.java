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

/**
 * How much of the network holds the programs of an upgrade: capacity of machines and stake of checkers, those who reported
 * and all of them.
 *
 * <p>Invariant: what is ready is part of all. Machines count that are certified and online, checkers that may be drawn; a
 * pure function of both, whatever their order.
 *
 * @param readyPpm capacity, in ppm of an H100, as {@link ModelWeight} has it
 * @param readyStake own and delegated, in wei
 */
public record Readiness(long readyPpm, long allPpm, Ath readyStake, Ath allStake) {
    private static final BigInteger BPS = BigInteger.valueOf(10_000);

    /**
     * How it stands.
     *
     * @param modelPpm K by model name, in ppm
     */
    public static Readiness of(
            Proposal proposal,
            Map<MachineId, Machine> machines,
            Map<Wallet, Checker> checkers,
            Map<PoolId, StakePool> pools,
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
        return new Readiness(readyPpm, allPpm, readyStake, allStake);
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

    /** Whether both reach it. */
    public boolean reaches(int bps) {
        return capacityBps() >= bps && stakeBps() >= bps;
    }

    /** A sentence for people. */
    public String says(int required) {
        return capacityBps() + " bps of the capacity and " + stakeBps() + " bps of the stake are ready; " + required
                + " bps of both are needed";
    }
}
