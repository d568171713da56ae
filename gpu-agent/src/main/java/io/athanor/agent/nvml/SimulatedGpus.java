package io.athanor.agent.nvml;

import io.athanor.domain.attestation.CapacityWork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * GPUs that do not exist, for development networks. Every record carries {@code simulated = true} and a UUID that begins
 * with {@code SIM-}; the UUIDs follow from the machine's seed, so that they survive a restart of the agent.
 */
public final class SimulatedGpus implements GpuSource {
    private static final int MAX_GPUS = 64;
    private static final Pattern SPEC = Pattern.compile("(\\d{1,2})x([A-Za-z0-9 -]{1,40})");

    /** The models that can be simulated, by their memory in MiB, compute capability and speed. */
    private static final Map<String, Model> MODELS = Map.of(
            "H200", new Model("NVIDIA H200", 143_771, 90, 1_250_000),
            "H100", new Model("NVIDIA H100 80GB HBM3", 81_559, 90, 1_000_000),
            "A100-80", new Model("NVIDIA A100-SXM4-80GB", 81_920, 80, 550_000),
            "L40S", new Model("NVIDIA L40S", 46_068, 89, 450_000),
            "RTX4090", new Model("NVIDIA GeForce RTX 4090", 24_564, 89, 400_000),
            "RTX3090", new Model("NVIDIA GeForce RTX 3090", 24_576, 86, 220_000));

    /** @param weightPpm how fast the simulated card is, in ppm of a simulated H100 */
    private record Model(String name, long memoryMiB, int computeCapability, long weightPpm) {}

    private final List<GpuInventory> gpus;

    SimulatedGpus(List<GpuInventory> gpus) {
        this.gpus = List.copyOf(gpus);
    }

    /**
     * Reads {@code 2xH200} or {@code 1xH100,4xL40S}.
     *
     * @param seed what makes this machine's UUIDs its own, such as its device key
     * @throws IllegalArgumentException when the text names no known model or too many GPUs
     */
    public static SimulatedGpus parse(String spec, String seed) {
        List<GpuInventory> gpus = new ArrayList<>();
        for (String part : spec.split(",", -1)) {
            var match = SPEC.matcher(part.strip());
            Model model = match.matches() ? MODELS.get(match.group(2).replace(" ", "")) : null;
            if (model == null) {
                throw new IllegalArgumentException(
                        "'" + part + "' is no simulated GPU; write COUNTxMODEL with a model of "
                                + MODELS.keySet().stream().sorted().toList());
            }
            for (int i = Integer.parseInt(match.group(1)); i > 0; i--) {
                gpus.add(gpu(model, seed, gpus.size()));
            }
        }
        if (gpus.isEmpty() || gpus.size() > MAX_GPUS) {
            throw new IllegalArgumentException("a machine simulates 1 to " + MAX_GPUS + " GPUs, not " + gpus.size());
        }
        return new SimulatedGpus(gpus);
    }

    private static GpuInventory gpu(Model model, String seed, int index) {
        UUID uuid = UUID.nameUUIDFromBytes(("simulated-gpu/" + seed + "/" + index).getBytes(StandardCharsets.UTF_8));
        return new GpuInventory(
                "SIM-" + uuid,
                model.name(),
                "SIM" + Long.toUnsignedString(uuid.getMostSignificantBits() >>> 16),
                String.format("00000000:%02x:00.0", index + 1),
                model.memoryMiB(),
                0L,
                model.computeCapability(),
                0,
                null,
                null,
                null,
                null,
                null,
                false,
                true);
    }

    @Override
    public List<GpuInventory> inventory() {
        return gpus;
    }

    /** Simulated cards never fail by themselves: this waits the whole time, as it does for a healthy card. */
    @Override
    public List<GpuFault> awaitFaults(Duration wait) throws InterruptedException {
        Thread.sleep(wait);
        return List.of();
    }

    @Override
    public boolean simulated() {
        return !gpus.isEmpty();
    }

    @Override
    public @Nullable String driverVersion() {
        return null;
    }

    /**
     * The reference kernel on the processor, and then a wait until the simulated card would have been done: its time is
     * the claim of a simulation and measures no hardware.
     */
    @Override
    public Optional<CapacityCard> card(String uuid) {
        return gpus.stream()
                .filter(gpu -> gpu.uuid().equals(uuid))
                .findFirst()
                .flatMap(gpu -> MODELS.values().stream()
                        .filter(model -> model.name().equals(gpu.name()))
                        .findFirst())
                .map(model -> work -> compute(work, model.weightPpm()));
    }

    private static byte[] compute(CapacityWork work, long weightPpm) throws InterruptedException {
        if (work.blocks() > 0) {
            throw new IllegalStateException("a test for real cards, and these are simulated");
        }
        long begin = System.nanoTime();
        byte[] lanes = work.solve();
        Duration left = Duration.ofMillis(work.cardMillis(weightPpm)).minusNanos(System.nanoTime() - begin);
        if (left.isPositive()) {
            Thread.sleep(left);
        }
        return lanes;
    }

    /** Nothing is held. */
    @Override
    public void close() {}
}
