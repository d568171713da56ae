package io.athanor.node;

import io.athanor.api.ApiSettings;
import io.athanor.chain.ChainSettings;
import io.athanor.codec.Profiles;
import io.athanor.contracts.Deployment;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which chain this node speaks to, and the network's first event. */
@Configuration(proxyBeanMethods = false)
public class GenesisConfiguration {
    /** After the command side, before anything that needs the parameters. */
    private static final int PHASE = Integer.MAX_VALUE - 200;

    @Bean
    public ChainSettings chainSettings(AthanorProperties settings) {
        Path contracts = settings.chain().contracts() == null
                ? settings.data().resolve("contracts.json")
                : settings.chain().contracts();
        return new ChainSettings(
                settings.chain().rpc(),
                settings.chain().id(),
                settings.chain().submitterKeyFile(),
                settings.chain().relayerKeyFile(),
                settings.chain().deploy(),
                contracts,
                Profiles.load(settings.profile()));
    }

    @Bean
    public ApiSettings apiSettings(AthanorProperties settings) {
        Set<Wallet> operators = settings.operators().stream().map(Wallet::parse).collect(Collectors.toSet());
        return new ApiSettings(
                settings.data().resolve("api-token.key"),
                operators,
                settings.hosts(),
                ApiSettings.ANONYMOUS_PER_SECOND,
                ApiSettings.SIGN_INS_PER_SECOND);
    }

    /** Begins the network where it has not begun; otherwise makes sure that it is the network of this chain. */
    @Bean
    public SmartLifecycle genesis(
            Commands commands, ChainSettings settings, Deployment contracts, InstantSource clock) {
        return new Genesis(() -> {
            Instant now = clock.instant();
            BeginNetwork begin = new BeginNetwork(
                    contracts.chainId(),
                    contracts.vault(),
                    contracts.log(),
                    now.truncatedTo(ChronoUnit.SECONDS),
                    settings.genesis(),
                    now);
            commands.send(Order.inside("genesis", null, begin)).join();
        });
    }

    private static final class Genesis implements SmartLifecycle {
        private final Runnable begin;
        private volatile boolean running;

        Genesis(Runnable begin) {
            this.begin = begin;
        }

        @Override
        public void start() {
            begin.run();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return PHASE;
        }
    }
}
