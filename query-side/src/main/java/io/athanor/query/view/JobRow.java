package io.athanor.query.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a job that changes. Amounts in wei.
 *
 * @param state the least advanced of {@code states}
 * @param opened index of its oldest event: the order of lists
 * @param states how many tasks are in each state; none at zero
 */
record JobRow(
        JobId id,
        Wallet client,
        JobState state,
        Ath held,
        Ath cost,
        Instant submittedAt,
        long opened,
        Map<JobState, Integer> states,
        long asOf) {
    JobRow {
        EnumMap<JobState, Integer> counts = new EnumMap<>(JobState.class);
        counts.putAll(states);
        states = Collections.unmodifiableMap(counts);
    }

    /** One task goes from a state (null for a new task) to another. */
    JobRow moved(@Nullable JobState from, JobState to, long index) {
        EnumMap<JobState, Integer> counts = new EnumMap<>(JobState.class);
        counts.putAll(states);
        if (from != null) {
            counts.computeIfPresent(from, (state, count) -> count == 1 ? null : count - 1);
        }
        counts.merge(to, 1, Integer::sum);
        JobState least = counts.keySet().iterator().next();
        return new JobRow(
                id, client, least, held, cost, submittedAt, Math.min(opened, index), counts, Math.max(asOf, index));
    }

    JobRow seen(long index) {
        return new JobRow(id, client, state, held, cost, submittedAt, opened, states, index);
    }

    JobRow withMoney(Ath newHeld, Ath newCost) {
        return new JobRow(id, client, state, newHeld, newCost, submittedAt, opened, states, asOf);
    }
}
