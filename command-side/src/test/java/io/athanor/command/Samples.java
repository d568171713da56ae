package io.athanor.command;

import io.athanor.codec.Profiles;
import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.HoldFunds;
import io.athanor.domain.checker.CheckerCommand.RegisterChecker;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.MachineCommand.EnrollMachine;
import io.athanor.domain.machine.MachineCommand.RetireMachine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Commands that the domain accepts. */
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final AtomicLong COUNT = new AtomicLong(1);

    private Samples() {}

    /** A wallet that no other sample has. */
    public static Wallet wallet() {
        return Wallet.parse("0x%040x".formatted(0xA7000000L + COUNT.getAndIncrement()));
    }

    public static UUID id() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return UuidText.v7(System.currentTimeMillis(), random.nextLong(), random.nextLong());
    }

    public static Authorization by(Wallet wallet) {
        return new Authorization(new CommandId(id()), wallet, wallet, NOW.plusSeconds(600), "0x" + "11".repeat(65));
    }

    public static CreditDeposit deposit(Wallet wallet, long number, long ath) {
        return new CreditDeposit(wallet, number, Ath.ofWhole(ath), Hash32.parse("0x" + "22".repeat(32)), number, NOW);
    }

    public static HoldFunds hold(Wallet wallet, JobId job, long ath) {
        return new HoldFunds(wallet, job, Ath.ofWhole(ath), by(wallet), NOW);
    }

    public static JobId job() {
        return new JobId(id());
    }

    public static SubmitJob submit(Wallet client, JobId job, int task, int tasks, long capAth) {
        JobSpec spec = new JobSpec(
                "sample",
                "registry.example/athanor/tile@sha256:" + "ab".repeat(32),
                List.of("render", "scene.json"),
                Map.of(),
                tasks,
                new JobSpec.GpuDemand(1, null, 8_192, true),
                1_000,
                512,
                60_000,
                Ath.ofWei(1_000_000_000_000_000L),
                Ath.ofWhole(capAth),
                Map.of(),
                JobSpec.Network.NONE,
                Set.of());
        return new SubmitJob(job.task(task), client, spec, by(client), NOW);
    }

    public static EnrollMachine enroll(
            Wallet provider, MachineId machine, String fingerprint, String agentKey, String... gpus) {
        return new EnrollMachine(
                machine,
                provider,
                agentKey,
                inventory(fingerprint, gpus),
                Profiles.load("devnet").admission(),
                by(provider),
                NOW);
    }

    public static Inventory inventory(String fingerprint, String... gpus) {
        return new Inventory(
                fingerprint,
                new Region("eu-west"),
                List.of(gpus).stream()
                        .map(uuid -> new Inventory.Gpu(uuid, "H100", 81_920, 90, "580.65"))
                        .toList(),
                64,
                512_000,
                8_000,
                1_000,
                1_000,
                "28.0",
                true);
    }

    public static RetireMachine retire(Wallet provider, MachineId machine) {
        return new RetireMachine(machine, by(provider), NOW);
    }

    public static RegisterChecker checker(Wallet checker, Wallet attester) {
        return new RegisterChecker(
                checker,
                "group",
                "AS1",
                new Region("eu-west"),
                "http://checker.example:8500",
                attester,
                by(checker),
                NOW);
    }
}
