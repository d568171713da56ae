package io.athanor.node;

import io.athanor.api.ApiConfiguration;
import io.athanor.chain.ChainProjectorConfiguration;
import io.athanor.command.CommandSideConfiguration;
import io.athanor.query.QuerySideConfiguration;
import io.athanor.saga.SagasConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * One node of the network: HTTP in front, PostgreSQL behind, the chain beside.
 *
 * <p>Every module brings one configuration; what they need of each other they find as the ports of domain/model.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    StorageConfiguration.class,
    GenesisConfiguration.class,
    CommandSideConfiguration.class,
    QuerySideConfiguration.class,
    SagasConfiguration.class,
    ChainProjectorConfiguration.class,
    ApiConfiguration.class,
    NodeConfiguration.class
})
public class NodeApplication {
    public static void main(String[] args) {
        System.setProperty("axon.timeout.enabled", "false");
        System.setProperty("disable-axoniq-console-message", "true");
        System.setProperty("axoniq.update-checker.disabled", "true");
        SpringApplication.run(NodeApplication.class, args);
    }
}
