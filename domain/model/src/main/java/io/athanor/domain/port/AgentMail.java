package io.athanor.domain.port;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;

/** Puts an order into a machine's outbox, for orders that follow from no event (challenges). */
public interface AgentMail {
    /** @return false where the machine has no live session; nothing is kept then */
    boolean post(MachineId machine, AgentOrder order);
}
