package io.athanor.api.agent;

import io.athanor.api.auth.QuickDoor;
import io.athanor.domain.wire.AgentProtocol.Sync;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;

/** What agents ask all the time. */
@Configuration(proxyBeanMethods = false)
class AgentDoors {
    @Bean
    QuickDoor<Sync> syncDoor(AgentController agents) {
        return new QuickDoor<>("/agent/v1/sync", HttpStatus.OK, Sync.class, agents::sync);
    }
}
