package io.athanor.domain.port;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.wire.AgentProtocol.Heartbeat;
import java.time.Instant;

/** Where heartbeats go: never events, kept for graphs and for {@code suspect} and {@code offline}. */
public interface Telemetry {
    /** A sign of life; cheap, in memory first. */
    void heartbeat(MachineId machine, Heartbeat heartbeat, Instant at);
}
