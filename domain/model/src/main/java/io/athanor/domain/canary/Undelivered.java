package io.athanor.domain.canary;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;

/**
 * A run of a known answer that a machine ended by its client's cause, where machines of other owners completed the same order.
 * No offence, since bad luck may have done it once; it counts as a task that was not delivered in the machine's quality.
 */
public record Undelivered(LeaseId lease, MachineId machine) {}
