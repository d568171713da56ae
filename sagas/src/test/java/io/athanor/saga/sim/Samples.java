package io.athanor.saga.sim;

import io.athanor.codec.Profiles;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure.AttachedReport;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.Accountability.Canaries;
import io.athanor.domain.protocol.Accountability.Standing;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.Economy.Governance;
import io.athanor.domain.protocol.ProtocolParameters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The simulated network's people and things. */
public final class Samples {
    public static final Instant GENESIS = Instant.parse("2026-01-01T00:00:00Z");
    private static final String IMAGE = "ab".repeat(32);
    /** The development network's, with votes of a day a step, and the image of the samples' jobs vetted. */
    public static final ProtocolParameters DEVNET = expelling(quickVotes(Profiles.load("devnet")));

    public static final Ath PRICE = Ath.parse("2000000000000000");
    /** The same rules with half the fee: what a vote may change in the middle of the work. */
    public static final ProtocolParameters CHEAPER = cheaper(DEVNET, DEVNET.reward());

    /** Of nothing but the genesis. */
    public static final AttachedReport REPORT =
            new AttachedReport(Sha256.of("report".getBytes(StandardCharsets.UTF_8)), 1, 0, 0);

    private static final String SIGNATURE = "0x" + "00".repeat(65);

    private Samples() {}

    /** As on the public networks, where machines have many owners. */
    private static ProtocolParameters expelling(ProtocolParameters p) {
        Accountability a = p.accountable();
        Standing s = a.standing();
        Standing expels = new Standing(
                s.throttlePpm(),
                s.suspendPpm(),
                s.suspendDays(),
                s.cutOffSuspensions(),
                s.cutOffDays(),
                s.cleanDays(),
                s.probationDays(),
                s.exponents(),
                s.probationPpm(),
                true,
                s.lookedPpm(),
                s.idleLeast());
        return new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                p.reward(),
                p.stake(),
                p.market(),
                new Accountability(a.jail(), expels, a.credits(), a.penalties(), vetting(a.canaries())),
                p.economy());
    }

    private static @Nullable Canaries vetting(@Nullable Canaries c) {
        Vetting vetting = new Vetting(List.of(Sha256.parse("sha256:" + IMAGE)), 1, 1_000_000, 2);
        return c == null ? null : new Canaries(c.shopper(), c.most(), c.budget(), vetting);
    }

    private static ProtocolParameters quickVotes(ProtocolParameters p) {
        Economy economy = p.economics();
        Governance g = economy.governance();
        Governance quick = new Governance(
                g.thresholdPpm(),
                g.deposit(),
                1,
                1,
                g.quorumBps(),
                g.passBps(),
                g.weightyPassBps(),
                g.vetoBps(),
                1,
                1,
                1,
                g.fullLockDays(),
                g.reportRequired(),
                g.upgrade());
        return p.withEconomy(new Economy(economy.delegation(), quick, economy.earnings(), economy.emergency()));
    }

    private static ProtocolParameters cheaper(ProtocolParameters p, ProtocolParameters.Reward r) {
        return p.withReward(new ProtocolParameters.Reward(
                r.providerYearsPpm(),
                r.providerReserve(),
                r.checkerReserve(),
                r.checkerBasePerDay(),
                r.protocolFeeBps() / 2,
                r.deliveryCapPpm(),
                r.treasurySharePpm(),
                r.modelPpm()));
    }

    public static Wallet wallet(int number) {
        return Wallet.parse("0x" + String.format(Locale.ROOT, "%040x", 0xA000_0000L + number));
    }

    public static Authorization signed(Wallet wallet, long number) {
        CommandId id = new CommandId(new UUID(7, number));
        return new Authorization(id, wallet, wallet, GENESIS.plusSeconds(1_000_000), SIGNATURE);
    }

    public static MachineId machine(int number) {
        return new MachineId(new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + number));
    }

    public static JobId job(long number) {
        return new JobId(new UUID(0x0191_0000_0000_7000L, 0x8000_0000_0000_0000L + number));
    }

    public static Hash32 hash(String text) {
        return Hash32.keccak(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    public static Inventory inventory(int number, int gpus) {
        List<Inventory.Gpu> list = IntStream.range(0, gpus)
                .mapToObj(i -> new Inventory.Gpu("GPU-" + number + "-" + i, "H100", 81_920, 90, "570.1"))
                .toList();
        return new Inventory(
                hash("board-" + number).toString(),
                new Region("eu-west"),
                list,
                32,
                262_144,
                1_000,
                1_000,
                1_000,
                "28.0",
                true);
    }

    public static JobSpec spec(int tasks, int gpus) {
        return lasting(tasks, gpus, 60_000);
    }

    /** @param maxMillis of each task's container */
    public static JobSpec lasting(int tasks, int gpus, long maxMillis) {
        return new JobSpec(
                "render",
                "127.0.0.1:8486/awk@sha256:" + IMAGE,
                List.of("render"),
                Map.of(),
                tasks,
                new JobSpec.GpuDemand(gpus, null, 8_192, true),
                1_000,
                1_024,
                maxMillis,
                PRICE.times(2),
                Ath.parse("1000000000000000000").times(tasks),
                Map.of(),
                JobSpec.Network.NONE,
                Set.of());
    }
}
