package io.athanor.api.rest;

import io.athanor.api.agent.AgentSessions;
import io.athanor.domain.port.ChainStatus;
import io.athanor.domain.port.EventSource;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether this node answers, what it holds, and how the bridge to the chain stands. */
@RestController
@RequestMapping("/v1/ops")
class OpsController {
    private final EventSource events;
    private final AgentSessions sessions;
    private final ChainStatus chain;
    private final InstantSource clock;

    OpsController(EventSource events, AgentSessions sessions, ChainStatus chain, InstantSource clock) {
        this.events = events;
        this.sessions = sessions;
        this.chain = chain;
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

    @GetMapping("/chain")
    ChainStatus.Report chain() {
        return chain.report();
    }

    /** Lets what halted go on; the answer is the state right after, what is still wrong halts again within moments. */
    @PostMapping("/chain/resume")
    ChainStatus.Report resume() {
        chain.resume();
        return chain.report();
    }
}
