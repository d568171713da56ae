package io.athanor.domain.port;

import io.athanor.domain.common.MachineId;
import java.time.Instant;

/** Tells the fleet index that a machine was heard of, whatever it said; a skew refusal counts too. */
public interface Contact {
    void heard(MachineId machine, Instant at);
}
