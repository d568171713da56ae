package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Receipt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One task as it stands. Amounts in wei; {@code ending} and {@code detail} say why it ended. */
public record TaskView(
        TaskId id,
        String state,
        @Nullable LeaseId lease,
        @Nullable MachineId machine,
        @Nullable Wallet provider,
        @Nullable String container,
        @Nullable String ending,
        @Nullable String detail,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Receipt receipt,
        @Nullable Assessment assessment,
        Ath cost,
        @Nullable Long epoch,
        boolean simulated) {}
