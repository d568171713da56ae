package io.athanor.command.stream;

import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.common.Event;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.MachineEvent.HardwareChanged;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an event says about things that exist once: from now on the owner holds exactly these keys of these kinds.
 *
 * @param owner the stream's text
 * @param kinds the part of a key before its colon
 * @param keys {@code <kind>:<value>}, sorted, so that two nodes lock rows in one order
 */
record Claim(String owner, Set<String> kinds, List<String> keys) {
    private static final String GPU = "gpu";
    private static final String FINGERPRINT = "fingerprint";
    private static final String AGENT_KEY = "agent-key";
    private static final String ATTESTER = "attester";

    Claim {
        keys = keys.stream().sorted().distinct().toList();
    }

    /** The event's claim, empty where it has none. */
    static Optional<Claim> of(Event event) {
        String owner = event.stream().toString();
        return switch (event) {
            case MachineEnrolled e -> Optional.of(new Claim(owner, Set.of(GPU, FINGERPRINT, AGENT_KEY), enrolled(e)));
            case HardwareChanged e -> Optional.of(new Claim(owner, Set.of(GPU, FINGERPRINT), hardware(e.inventory())));
            case MachineRetired e -> Optional.of(new Claim(owner, Set.of(GPU, FINGERPRINT, AGENT_KEY), List.of()));
            case AttesterAuthorised e ->
                Optional.of(new Claim(owner, Set.of(ATTESTER), List.of(ATTESTER + ":" + e.attester())));
            default -> Optional.empty();
        };
    }

    private static List<String> enrolled(MachineEnrolled event) {
        List<String> keys = new ArrayList<>(hardware(event.inventory()));
        keys.add(AGENT_KEY + ":" + event.agentKey());
        return keys;
    }

    private static List<String> hardware(Inventory inventory) {
        List<String> keys = new ArrayList<>();
        keys.add(FINGERPRINT + ":" + inventory.fingerprint());
        inventory.gpus().forEach(gpu -> keys.add(GPU + ":" + gpu.uuid()));
        return keys;
    }
}
