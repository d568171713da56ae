package io.athanor.agent.nvml;

import io.athanor.domain.attestation.CapacityWork;

/** What computes a capacity test on one GPU. */
@FunctionalInterface
public interface CapacityCard {

    /** All lanes, after the time that this card needs for them; {@link CapacityWork#solve} says which. */
    byte[] compute(CapacityWork work) throws InterruptedException;
}
