package io.athanor.agent;

import io.athanor.agent.gpu.GpuDesk;
import io.athanor.domain.common.Region;
import io.athanor.domain.hash.Digests;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.machine.Inventory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Reads what this machine is made of. */
final class Machine {
    private static final String SALT = "athanor.fingerprint.v1";
    private static final long KIB_PER_MIB = 1024;
    private static final long BYTES_PER_GIB = 1L << 30;

    /** What names a board or an installed system; root alone may read the first two. */
    private static final List<Path> NAMES = List.of(
            Path.of("/sys/class/dmi/id/board_serial"),
            Path.of("/sys/class/dmi/id/product_uuid"),
            Path.of("/etc/machine-id"));

    private Machine() {}

    static Inventory inventory(Identity identity, GpuDesk gpus, Region region, String engineVersion, Path data)
            throws IOException {
        return new Inventory(
                fingerprint(identity, gpus),
                region,
                gpus.inventory(),
                Runtime.getRuntime().availableProcessors(),
                memoryMib(),
                data.toFile().getTotalSpace() / BYTES_PER_GIB,
                0,
                0,
                engineVersion,
                gpus.simulated());
    }

    /**
     * Salted hash of board, system and GPUs, so that one machine cannot be enrolled twice. Simulated machines share a
     * board, so theirs is made of the machine's id.
     */
    private static String fingerprint(Identity identity, GpuDesk gpus) {
        String hardware = gpus.simulated()
                ? "simulated/" + identity.machine()
                : NAMES.stream().map(Machine::readIfAllowed).collect(Collectors.joining("/"))
                        + gpus.inventory().stream()
                                .map(Inventory.Gpu::uuid)
                                .sorted()
                                .toList();
        return Hex.encode(Digests.sha256((SALT + "/" + hardware).getBytes(StandardCharsets.UTF_8)));
    }

    private static String readIfAllowed(Path file) {
        try {
            return Files.isReadable(file) ? Files.readString(file).strip() : "";
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static long memoryMib() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                .findFirst()
                .orElseThrow(() -> new IOException("/proc/meminfo does not tell the memory"));
    }
}
