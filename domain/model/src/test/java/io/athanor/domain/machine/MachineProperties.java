package io.athanor.domain.machine;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineProperties {
    private static final int HISTORIES = 10_000;
    private static final int STEPS = 20;
    private static final Samples FIXED = new Samples(0);
    private static final Wallet PROVIDER = FIXED.wallet();
    private static final Authorization SIGNED = FIXED.authorization(PROVIDER);
    private static final MachineId MACHINE = FIXED.machine();
    private static final Inventory INVENTORY = FIXED.inventory(5);
    private static final List<String> GPUS =
            INVENTORY.gpus().stream().map(Inventory.Gpu::uuid).toList();
    private static final TaskId TASK = FIXED.task();

    @Test
    void noGpuIsEverReservedTwice() {
        Cases.forAll(HISTORIES, samples -> {
            Machine machine = live();
            for (int step = 0; step < STEPS; step++) {
                MachineCommand command = command(samples, step);
                for (MachineEvent event : decide(machine, command)) {
                    machine = machine.evolve(event);
                }
                List<String> held = machine.reserved().values().stream()
                        .flatMap(Collection::stream)
                        .toList();
                assertThat(new HashSet<>(held)).as("after %s", command).hasSameSizeAs(held);
                assertThat(machine.freeGpus()).doesNotContainAnyElementsOf(held.isEmpty() ? List.of("none") : held);
            }
        });
    }

    private static Machine live() {
        RoundId round = new RoundId(1, RoundId.Kind.ONBOARDING, 0, 0);
        Machine machine = Machine.EMPTY;
        for (MachineCommand command : List.of(
                new MachineCommand.EnrollMachine(
                        MACHINE,
                        PROVIDER,
                        "0x" + "22".repeat(32),
                        INVENTORY,
                        SampleParameters.get().admission(),
                        SIGNED,
                        at(0)),
                new MachineCommand.OpenInspection(MACHINE, round, at(0)),
                new MachineCommand.CertifyMachine(MACHINE, round, 1_000_000, at(0)),
                new MachineCommand.ListOffer(MACHINE, Ath.ofWei(1), SIGNED, at(0)),
                new MachineCommand.BringOnline(MACHINE, at(0)))) {
            for (MachineEvent event : machine.decide(command)) {
                machine = machine.evolve(event);
            }
        }
        return machine;
    }

    private static List<MachineEvent> decide(Machine machine, MachineCommand command) {
        try {
            return machine.decide(command);
        } catch (Refused refused) {
            return List.of();
        }
    }

    private static MachineCommand command(Samples samples, int step) {
        LeaseId lease = TASK.lease(samples.between(1, 6));
        return switch (samples.between(0, 9)) {
            case 0, 1, 2, 3, 4 -> {
                List<String> wanted = new ArrayList<>();
                for (int i = samples.between(1, 3); i > 0; i--) {
                    wanted.add(samples.oneOf(GPUS));
                }
                yield new MachineCommand.ReserveGpus(MACHINE, lease, wanted, at(step));
            }
            case 5, 6, 7 -> new MachineCommand.ReleaseGpus(MACHINE, lease, at(step));
            case 8 -> new MachineCommand.TakeOffline(MACHINE, "silent", at(step));
            default -> new MachineCommand.BringOnline(MACHINE, at(step));
        };
    }
}
