package io.athanor.api.rest;

import io.athanor.api.agent.AgentSessions;
import io.athanor.domain.port.EventSource;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether this node answers, and what it holds. */
@RestController
@RequestMapping("/v1/ops")
class OpsController {
    private final EventSource events;
    private final AgentSessions sessions;
    private final InstantSource clock;

    OpsController(EventSource events, AgentSessions sessions, InstantSource clock) {
        this.events = events;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** @param head index of the newest stored event: the store was read to say it */
    record Health(String status, long head, Instant serverTime) {}

    /** @param sessions agents whose session lives on this node */
    record Agents(int sessions) {}

    @GetMapping("/health")
    Health health() {
        return new Health("UP", events.head(), clock.instant());
    }

    @GetMapping("/agents")
    Agents agents() {
        return new Agents(sessions.live());
    }
}
