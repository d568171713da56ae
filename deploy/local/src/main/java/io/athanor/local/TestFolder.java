package io.athanor.local;

import io.athanor.local.engine.DockerEngine;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessIdentity;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one test process, named after its pid and start time.
 *
 * <p>A test process that was killed leaves its engines; the next one finds the folder, sees that its owner is gone, and
 * stops exactly the processes recorded there.
 */
final class TestFolder {

    private static final Pattern NAME = Pattern.compile("(\\d+)-(\\d+)");

    private TestFolder() {}

    /** A new folder for this process, after the folders of dead ones are cleaned up. */
    static Path create() {
        Path base = Trees.folder(Path.of(System.getProperty("java.io.tmpdir"), "athanor-test-" + userName()));
        cleanUpDeadOnes(base);
        return Trees.folder(base.resolve(nameOf(self())));
    }

    /** One test process at a time cleans up; another that finds it at work goes on. */
    private static void cleanUpDeadOnes(Path base) {
        try (FileChannel file =
                        FileChannel.open(base.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock != null) {
                deadOnes(base).forEach(TestFolder::cleanUp);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Stops every process that is recorded in the folder, then removes it. */
    static void cleanUp(Path folder) {
        try (Stream<Path> data = Files.list(folder)) {
            data.filter(Files::isDirectory).forEach(TestFolder::stopAll);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Trees.delete(folder);
    }

    private static void stopAll(Path data) {
        if (Files.isDirectory(data.resolve("run"))) {
            DockerEngine.cleanUp(data);
            new ProcessRegistry(data).allLive().forEach(ManagedProcess::stop);
        }
    }

    private static List<Path> deadOnes(Path base) {
        try (Stream<Path> folders = Files.list(base)) {
            return folders.filter(folder -> !ownerLives(folder)).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean ownerLives(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return !name.matches()
                || new ProcessIdentity(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))).isAlive();
    }

    private static ProcessIdentity self() {
        return ProcessIdentity.ofLive(ProcessHandle.current().pid()).orElseThrow();
    }

    private static String nameOf(ProcessIdentity process) {
        return process.pid() + "-" + process.startTicks();
    }

    private static String userName() {
        return System.getProperty("user.name");
    }
}
