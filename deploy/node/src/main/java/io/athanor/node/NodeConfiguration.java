package io.athanor.node;

import io.athanor.api.command.ReadinessDesk;
import io.athanor.api.web.Reads;
import io.athanor.api.web.Ticker;
import io.athanor.contracts.Deployment;
import io.athanor.domain.signing.SigningDomain;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who this node is, and what it says of itself. */
@Configuration(proxyBeanMethods = false)
public class NodeConfiguration {
    private static final Duration EVERY = Duration.ofSeconds(2);

    @Bean
    NodeIdentity nodeIdentity(AthanorProperties settings) {
        return NodeIdentity.of(settings.data());
    }

    @Bean(initMethod = "start", destroyMethod = "stop")
    Ticker nodeReadiness(
            AthanorProperties settings, NodeIdentity identity, Deployment contracts, ReadinessDesk desk, Reads reads) {
        SigningDomain domain = new SigningDomain(contracts.chainId(), contracts.log());
        NodeReadiness readiness = new NodeReadiness(settings.data(), identity, domain, desk, reads);
        return new Ticker("node-readiness", EVERY, readiness::report);
    }
}
