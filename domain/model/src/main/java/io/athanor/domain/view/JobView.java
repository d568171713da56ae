package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobSpec;
import java.time.Instant;
import java.util.List;

/**
 * A job and its tasks. Amounts in wei.
 *
 * @param state the state all tasks share, or the least advanced of them
 * @param held what is still set aside; {@code cost} what was settled
 * @param asOf index of the newest event in it
 */
public record JobView(
        JobId id,
        Wallet client,
        String state,
        JobSpec spec,
        Ath held,
        Ath cost,
        Instant submittedAt,
        List<TaskView> tasks,
        long asOf) {}
