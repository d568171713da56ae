package io.athanor.agent.docker;

import io.athanor.domain.machine.Inventory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whether this machine has Container Device Interface files that name its GPUs by UUID. */
public final class CdiSpecs {
    private static final List<Path> FOLDERS = List.of(Path.of("/etc/cdi"), Path.of("/var/run/cdi"));
    private static final long MAX_FILE_BYTES = 4 << 20;

    private CdiSpecs() {}

    /** True when every one of these GPUs is named; engines from 28.2 on then take them by that name. */
    public static boolean know(List<Inventory.Gpu> gpus) {
        if (gpus.isEmpty()) {
            return false;
        }
        String all = FOLDERS.stream().map(CdiSpecs::read).reduce("", String::concat);
        return all.contains("nvidia.com/gpu") && gpus.stream().allMatch(gpu -> all.contains(gpu.uuid()));
    }

    private static String read(Path folder) {
        if (!Files.isDirectory(folder)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.isReadable(file) && Files.size(file) < MAX_FILE_BYTES) {
                    text.append(Files.readString(file));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the device files in " + folder, failed);
        }
        return text.toString();
    }
}
