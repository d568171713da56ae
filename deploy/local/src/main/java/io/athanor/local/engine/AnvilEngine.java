package io.athanor.local.engine;

import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSpec;
import io.athanor.local.process.Startup;
import io.athanor.local.process.Trees;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A local EVM node with the public development accounts; loopback only, chain id {@value AnvilSettings#CHAIN_ID}. */
public final class AnvilEngine implements Engine, AutoCloseable {

    private static final Duration COPY_STEP = Duration.ofSeconds(1);

    private final ProcessRegistry registry;
    private final AnvilSettings settings;
    private final Path folder;
    private final ChainState state;
    private CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread copier;

    /** A node whose state lies in {@code chain} below the data folder. */
    public AnvilEngine(Path data, AnvilSettings settings) {
        this.registry = new ProcessRegistry(data);
        this.settings = settings;
        this.folder = Trees.realFolder(data.resolve("chain"));
        this.state = new ChainState(folder.resolve("state.json"));
    }

    @Override
    public String name() {
        return "anvil";
    }

    /** Where it answers JSON-RPC, over HTTP and WebSocket. */
    public URI rpc() {
        return URI.create("http://127.0.0.1:" + settings.port());
    }

    @Override
    public void start() {
        Startup.adoptOrStart(registry, specification(), this::answers, state::repair);
        if (settings.persistent()) {
            keepCopies();
        }
    }

    @Override
    public synchronized void stop() {
        stopped.countDown();
        registry.stop(name());
    }

    @Override
    public void close() {
        stop();
    }

    /** Kills it as a crash would; for tests of recovery. */
    public void kill() {
        registry.live(name()).ifPresent(ManagedProcess::kill);
    }

    @Override
    public boolean lives() {
        return registry.live(name()).isPresent();
    }

    @Override
    public boolean answers() {
        return JsonRpc.call(rpc(), "eth_chainId", List.of()).isPresent();
    }

    private ProcessSpec specification() {
        Path program = NodePackages.program(
                "@foundry-rs/anvil-linux-" + Platform.current().npmName(), "bin/anvil");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(settings.arguments(state.file().toString()));
        return ProcessSpec.of(name(), command, folder, settings.port());
    }

    private synchronized void keepCopies() {
        if (stopped.getCount() == 0 || copier == null) {
            stopped = new CountDownLatch(1);
            CountDownLatch mine = stopped;
            copier = Thread.ofVirtual().name("chain-state-copies").start(() -> copyUntil(mine));
        }
    }

    private void copyUntil(CountDownLatch end) {
        try {
            while (!end.await(COPY_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                state.keep();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
