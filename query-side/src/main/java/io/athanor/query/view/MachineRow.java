package io.athanor.query.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Machine.Standing;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of a machine that changes; its inventory lies beside it. Price per GPU-second in wei, score in ppm.
 *
 * @param reserved how many GPUs each open lease holds; their sum is {@code gpusReserved}
 */
record MachineRow(
        MachineId id,
        Wallet provider,
        String agentKey,
        Standing standing,
        boolean online,
        long score,
        @Nullable Ath price,
        int gpus,
        int gpusReserved,
        Map<LeaseId, Integer> reserved,
        @Nullable String note,
        Instant enrolledAt,
        long asOf) {
    MachineRow {
        reserved = Map.copyOf(reserved);
    }

    MachineRow standing(Standing to, long newScore, @Nullable String why, long index) {
        return new MachineRow(
                id,
                provider,
                agentKey,
                to,
                online,
                newScore,
                price,
                gpus,
                gpusReserved,
                reserved,
                why,
                enrolledAt,
                index);
    }

    MachineRow noted(@Nullable String words, long index) {
        return online(online, words, index);
    }

    MachineRow online(boolean isOnline, @Nullable String why, long index) {
        return new MachineRow(
                id,
                provider,
                agentKey,
                standing,
                isOnline,
                score,
                price,
                gpus,
                gpusReserved,
                reserved,
                why,
                enrolledAt,
                index);
    }

    MachineRow priced(Ath newPrice, long index) {
        return new MachineRow(
                id,
                provider,
                agentKey,
                standing,
                online,
                score,
                newPrice,
                gpus,
                gpusReserved,
                reserved,
                note,
                enrolledAt,
                index);
    }

    MachineRow withGpus(int count, long index) {
        return new MachineRow(
                id,
                provider,
                agentKey,
                standing,
                online,
                score,
                price,
                count,
                gpusReserved,
                reserved,
                note,
                enrolledAt,
                index);
    }

    /** The lease holds so many GPUs; none at zero. */
    MachineRow holding(LeaseId lease, int count, long index) {
        Map<LeaseId, Integer> leases = new TreeMap<>(reserved);
        if (count == 0) {
            leases.remove(lease);
        } else {
            leases.put(lease, count);
        }
        int sum = leases.values().stream().mapToInt(Integer::intValue).sum();
        return new MachineRow(
                id, provider, agentKey, standing, online, score, price, gpus, sum, leases, note, enrolledAt, index);
    }
}
