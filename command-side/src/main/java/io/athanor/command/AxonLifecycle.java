package io.athanor.command;

import io.athanor.command.store.AppendSignals;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.ConfigurerModule;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Starts Axon with the context and stops it with it, before whatever its handlers use. Early phase, so that views and
 * sagas run when the API opens its door.
 */
public final class AxonLifecycle implements SmartLifecycle, Supplier<Configuration> {
    /** Below Spring's web server, which starts late and stops early. */
    static final int PHASE = 0;

    private final AxonParts parts;
    private final AppendSignals signals;
    private final List<ConfigurerModule> modules;
    private @Nullable Configuration configuration;

    AxonLifecycle(AxonParts parts, AppendSignals signals, List<ConfigurerModule> modules) {
        this.parts = parts;
        this.signals = signals;
        this.modules = modules;
    }

    @Override
    public void start() {
        Configurer configurer = parts.configurer();
        modules.forEach(module -> module.configureModule(configurer));
        Configuration built = configurer.buildConfiguration();
        InfrastructureAssertions.require(built);
        signals.start();
        built.start();
        configuration = built;
    }

    /** Axon's configuration, for what no port offers: an event processor's status, its reset. */
    @Override
    public Configuration get() {
        return Objects.requireNonNull(configuration, "Axon has not started");
    }

    @Override
    public void stop() {
        Configuration running = configuration;
        if (running != null) {
            running.shutdown();
            signals.close();
            configuration = null;
        }
    }

    @Override
    public boolean isRunning() {
        return configuration != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
