package io.athanor.agent.nvml;

import io.athanor.domain.attestation.CapacityWork;

/** What computes a capacity test on one GPU. */
@FunctionalInterface
public interface CapacityCard {

    /** The answer, after the time that this card needs for it; {@link CapacityWork#solve} says which. */
    byte[] compute(CapacityWork work) throws InterruptedException;
}
