package io.athanor.saga.live;

import io.athanor.domain.job.JobEvent.JobAssigned;

/**
 * A lease that is in no batch yet.
 *
 * @param epoch the newest one when it was made
 */
public record LiveLease(long epoch, JobAssigned assigned) {}
