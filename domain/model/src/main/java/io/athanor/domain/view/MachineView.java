package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Quality.Scored;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine as it stands. Price per GPU-second in wei, score in ppm of an H100.
 *
 * @param quality of its newest settlement days whose books are closed, oldest first
 */
public record MachineView(
        MachineId id,
        Wallet provider,
        String agentKey,
        String standing,
        boolean online,
        Inventory inventory,
        long score,
        @Nullable Ath price,
        int gpus,
        int gpusReserved,
        @Nullable String note,
        Instant enrolledAt,
        List<Scored> quality,
        long asOf) {
    public MachineView {
        quality = List.copyOf(quality);
    }
}
