package io.athanor.local.network;

import io.athanor.local.engine.Engine;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.Trees;
import io.athanor.local.process.Waiting;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a network up: starts its parts in order, starts again one that ends by itself, and stops them in reverse.
 *
 * <p>One supervisor at a time holds a data folder, by a file lock that the kernel takes back when it is killed. What a
 * killed one leaves goes on by itself; the next supervisor adopts each part that answers and was started in the same
 * way, and stops and starts the others.
 */
public final class Supervisor implements AutoCloseable {

    /** The name of the supervisor's own process record. */
    public static final String NAME = "supervisor";

    /** Processes of engines whose names differ from the engine's, and the supervisor itself. */
    private static final Set<String> ENGINE_PROCESSES = Set.of(NAME, "containerd");

    private static final Duration LOOK = Duration.ofSeconds(1);
    /** A part that ends more often than this within the window is broken, and the network goes down. */
    private static final int MOST_RESTARTS = 20;

    private static final Duration RESTART_WINDOW = Duration.ofMinutes(10);

    private final Network network;
    private final Progress progress;
    private final Path ready;
    private final FileChannel lockFile;
    private final Map<String, Deque<Duration>> restarts = new HashMap<>();
    private volatile boolean stopping;
    private @Nullable Thread worker;

    /** Takes the data folder; fails where another supervisor holds it. */
    public Supervisor(Network network, Progress progress) {
        Path data = network.layout().data();
        this.network = network;
        this.progress = progress;
        this.ready = readyFile(data);
        this.lockFile = lock(data);
        Trees.delete(ready);
        new ProcessRegistry(data).recordSelf(NAME, network.layout().portBase());
    }

    /** The file that is there while the network is up. */
    public static Path readyFile(Path data) {
        return data.resolve("run").resolve("ready");
    }

    private static FileChannel lock(Path data) {
        try {
            FileChannel channel =
                    FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locks(channel)) {
                channel.close();
                throw new EngineFailure(
                        "A network runs already on " + data + ".",
                        "See it with './athanor status', stop it with './athanor down', or choose another --data.");
            }
            return channel;
        } catch (IOException failed) {
            throw new EngineFailure(
                    "The data folder " + data + " cannot be locked: " + failed.getMessage() + ".",
                    "Choose a --data that can be written.",
                    failed);
        }
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldInThisProcess) {
            return false;
        }
    }

    /** Starts all parts; ends when every one answers. */
    public void start() {
        worker = Thread.currentThread();
        for (Engine part : network.parts()) {
            startPart(part);
        }
        Trees.writePrivately(ready, Integer.toString(network.layout().portBase()) + "\n");
    }

    private synchronized void startPart(Engine part) {
        if (stopping) {
            throw new EngineFailure("The network is being stopped.", "Start it again with './athanor up'.");
        }
        long begin = System.nanoTime();
        part.start();
        progress.say(String.format(
                Locale.ROOT, "%-10s ready (%.1f s)", part.name(), (System.nanoTime() - begin) / 1_000_000_000.0));
    }

    /** Watches the parts and starts again what ends, until the network is stopped. */
    public void watch() {
        while (!stopping) {
            for (Engine part : network.parts()) {
                if (!stopping && !part.lives()) {
                    restart(part);
                }
            }
            Waiting.pause(LOOK);
        }
    }

    private void restart(Engine part) {
        Deque<Duration> recent = restarts.computeIfAbsent(part.name(), name -> new ArrayDeque<>());
        Duration now = progress.sinceBegin();
        recent.addLast(now);
        recent.removeIf(at -> at.plus(RESTART_WINDOW).compareTo(now) < 0);
        if (recent.size() > MOST_RESTARTS) {
            throw new EngineFailure(
                    part.name() + " ended more than " + MOST_RESTARTS + " times within " + RESTART_WINDOW.toMinutes()
                            + " minutes.",
                    "See " + new ProcessRegistry(network.layout().data()).logFile(part.name()) + ".");
        }
        progress.say(part.name() + " ended; starting it again");
        startPart(part);
    }

    /** Stops all parts in reverse order and gives the data folder back; safe from another thread and twice. */
    @Override
    public void close() {
        stopping = true;
        Thread starting = worker;
        if (starting != null && !starting.equals(Thread.currentThread())) {
            starting.interrupt();
        }
        stopParts();
    }

    private synchronized void stopParts() {
        if (!lockFile.isOpen()) {
            return;
        }
        Trees.delete(ready);
        stopUnlisted();
        for (Engine part : network.parts().reversed()) {
            boolean lived = part.lives();
            part.stop();
            if (lived) {
                progress.say(part.name() + " stopped");
            }
        }
        new ProcessRegistry(network.layout().data()).forget(NAME);
        release();
    }

    /** Services that an earlier launcher started and this one does not have; they need the engines, so they go first. */
    private void stopUnlisted() {
        Set<String> listed = new HashSet<>(ENGINE_PROCESSES);
        network.parts().forEach(part -> listed.add(part.name()));
        new ProcessRegistry(network.layout().data())
                .allLive().stream()
                        .filter(process -> !listed.contains(process.name()))
                        .forEach(ManagedProcess::stop);
    }

    private void release() {
        try {
            lockFile.close();
        } catch (IOException failed) {
            throw new EngineFailure("The data folder's lock cannot be closed.", "Nothing: it ends with this.", failed);
        }
    }

    /** Stops what a killed supervisor left running; fails where another supervisor lives. */
    public static void stopWhatIsLeft(Network network, Progress progress) {
        new Supervisor(network, progress).stopParts();
    }

    /** Whether a network is up on this data folder, all its parts having answered once. */
    public static boolean isReady(Path data) {
        return Files.exists(readyFile(data))
                && new ProcessRegistry(data).live(NAME).isPresent();
    }
}
