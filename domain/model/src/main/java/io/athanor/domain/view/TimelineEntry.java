package io.athanor.domain.view;

import io.athanor.domain.common.TaskId;
import java.time.Instant;

/** One line of a job's life: what happened, by whom, with the reason in words. */
public record TimelineEntry(long index, TaskId task, String event, String actor, String detail, Instant at) {}
