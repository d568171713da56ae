package io.athanor.domain.testing;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Lease.Agreement;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.placement.PlacementDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** Valid values from a seed: the same seed gives the same values in the same order. */
public final class Samples {
    /** When tests begin. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Region REGION = new Region("eu-west");
    private static final String SIGNATURE = "0x" + "11".repeat(65);
    private final Random random;

    public Samples(long seed) {
        random = new Random(seed);
    }

    /** START and so many milliseconds. */
    public static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    public Random random() {
        return random;
    }

    /** From {@code low} to {@code high}, both included. */
    public int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    public <T> T oneOf(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    public <T> List<T> shuffled(List<T> items) {
        List<T> copy = new ArrayList<>(items);
        Collections.shuffle(copy, random);
        return copy;
    }

    /** Zero to {@code max} wei. */
    public Ath upTo(Ath max) {
        return max.share(random.nextInt(1_000_001), 1_000_000);
    }

    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    public Wallet wallet() {
        return Wallet.parse(Hex.encode(bytes(20)));
    }

    public List<Wallet> wallets(int count) {
        return Stream.generate(this::wallet).limit(count).toList();
    }

    public Hash32 hash() {
        return Hash32.of(bytes(32));
    }

    public Sha256 sha256() {
        return Sha256.ofDigest(bytes(32));
    }

    public UUID uuid() {
        return UuidText.v7(START.toEpochMilli(), random.nextLong(), random.nextLong());
    }

    public JobId job() {
        return new JobId(uuid());
    }

    public TaskId task() {
        return job().task(0);
    }

    public MachineId machine() {
        return new MachineId(uuid());
    }

    /** Signed by the wallet itself. */
    public Authorization authorization(Wallet wallet) {
        return authorization(wallet, wallet);
    }

    public Authorization authorization(Wallet wallet, Wallet signer) {
        return new Authorization(new CommandId(uuid()), wallet, signer, at(600_000), SIGNATURE);
    }

    public JobSpec spec() {
        return new SampleSpec().build();
    }

    /** H100s of 80 GiB on a machine that meets the sample parameters. */
    public Inventory inventory(int gpus) {
        List<Inventory.Gpu> list = new ArrayList<>();
        for (int i = 0; i < gpus; i++) {
            list.add(new Inventory.Gpu("GPU-" + uuid(), "H100", 81_920, 90, "570.86"));
        }
        return inventory(list, false);
    }

    public Inventory inventory(List<Inventory.Gpu> gpus, boolean simulated) {
        int count = Math.max(1, gpus.size());
        return new Inventory(
                hash().hex(), REGION, gpus, 16 * count, 65_536L * count, 500L * count, 1_000, 1_000, "28.3", simulated);
    }

    /** A lease within the order, at its own price. */
    public Lease lease(LeaseId id, JobSpec spec, Ath price) {
        List<String> gpus = new ArrayList<>();
        for (int i = 0; i < spec.gpus().count(); i++) {
            gpus.add("GPU-" + uuid());
        }
        Agreement agreement = new Agreement(990_000, 30_000, 1);
        return new Lease(id, machine(), wallet(), gpus, price, at(30_000), agreement, false);
    }

    public Lease lease(LeaseId id, JobSpec spec) {
        return lease(id, spec, spec.maxPrice());
    }

    /** A decision for this machine alone. */
    public static PlacementDecision decision(Lease lease) {
        return new PlacementDecision(
                lease.machine(),
                1,
                Map.of(),
                List.of(new PlacementDecision.Scored(lease.machine(), lease.price(), Map.of(), 0)),
                1,
                1,
                7);
    }

    /** With one output. */
    public Receipt receipt(LeaseId lease, Ending ending, long runMillis) {
        List<Receipt.Output> outputs = List.of(new Receipt.Output("tile.ppm", sha256(), 3_000));
        Integer exit = ending == Ending.COMPLETED ? 0 : 1;
        return new Receipt(
                lease,
                "container-" + lease.fence(),
                new SampleSpec().build().image(),
                ending,
                exit,
                START,
                at(runMillis),
                runMillis,
                outputs,
                sha256(),
                120,
                SIGNATURE);
    }
}
