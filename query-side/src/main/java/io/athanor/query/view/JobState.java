package io.athanor.query.view;

import io.athanor.domain.job.Ending;

/** The states of a task in the order of their progress: a job is as far as its least advanced task. */
enum JobState {
    LOST,
    QUEUED,
    ASSIGNED,
    RUNNING,
    CANCELLED,
    FAILED,
    COMPLETED,
    VERIFIED,
    SETTLED;

    static JobState ended(Ending ending) {
        return switch (ending) {
            case COMPLETED -> COMPLETED;
            case CANCELLED -> CANCELLED;
            default -> FAILED;
        };
    }
}
