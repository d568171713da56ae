package io.athanor.local.engine;

import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bridge and the addresses of one private container engine.
 *
 * <p>An engine has a slot n of 0 … 63: its bridge is {@code 10.(128+n).0.1/24} and its user-defined networks come from
 * {@code 10.(128+n).128.0/17}. A slot is free where no interface has an address in {@code 10.(128+n).0.0/16}; so every
 * interface in an engine's slot is the engine's, and goes with it.
 */
final class BridgeNetwork {

    private static final int SLOTS = 64;
    private static final int FIRST_OCTET = 128;
    /** A line of {@code ip -o -4 addr}: index, interface, address. */
    private static final Pattern ADDRESS = Pattern.compile("^\\d+: (\\S+) +inet 10\\.(\\d+)\\.", Pattern.MULTILINE);

    private static final String NEXT = "Install iproute2 and iptables, and start as root.";

    private final String bridge;

    BridgeNetwork(String bridge) {
        this.bridge = bridge;
    }

    String bridge() {
        return bridge;
    }

    /** Makes the bridge where it is missing; the slot it has. */
    int ensure(int preferred) {
        Optional<Integer> slot = slot();
        if (slot.isPresent()) {
            return slot.get();
        }
        int chosen = freeSlot(preferred);
        if (!interfaces().contains(bridge)) {
            ip("link", "add", "name", bridge, "type", "bridge");
        }
        ip("addr", "add", "10." + (FIRST_OCTET + chosen) + ".0.1/24", "dev", bridge);
        ip("link", "set", bridge, "up");
        return chosen;
    }

    /** The pool of user-defined networks of a slot, as the engine's flag has it. */
    static String pool(int slot) {
        return "base=10." + (FIRST_OCTET + slot) + ".128.0/17,size=24";
    }

    /** Removes the bridge, every other interface of its slot, and the packet filter's rules that name them. */
    void remove() {
        List<String> own = new ArrayList<>();
        slot().ifPresent(slot -> addresses()
                .filter(found -> octet(found) == FIRST_OCTET + slot)
                .forEach(found -> own.add(found.group(1))));
        if (interfaces().contains(bridge) && !own.contains(bridge)) {
            own.add(bridge);
        }
        own.forEach(this::removeRules);
        own.forEach(name -> ip("link", "delete", name));
    }

    private Optional<Integer> slot() {
        return addresses()
                .filter(found -> found.group(1).equals(bridge))
                .map(found -> octet(found) - FIRST_OCTET)
                .findFirst();
    }

    private int freeSlot(int preferred) {
        List<Integer> taken = addresses().map(BridgeNetwork::octet).toList();
        for (int i = 0; i < SLOTS; i++) {
            int slot = Math.floorMod(preferred + i, SLOTS);
            if (!taken.contains(FIRST_OCTET + slot)) {
                return slot;
            }
        }
        throw new EngineFailure(
                "No network of 10.128.0.0/10 is free for a private container engine.", "Stop another network.");
    }

    private static Stream<MatchResult> addresses() {
        Matcher lines = ADDRESS.matcher(Commands.require(List.of(tool(), "-o", "-4", "addr"), NEXT));
        return lines.results();
    }

    private static int octet(MatchResult address) {
        return Integer.parseInt(address.group(2));
    }

    private static List<String> interfaces() {
        return Commands.require(List.of(tool(), "-o", "link"), NEXT)
                .lines()
                .map(line -> line.split(": ")[1].replaceFirst("@.*", ""))
                .toList();
    }

    private void removeRules(String interfaceName) {
        if (Commands.find("iptables-save").isEmpty()) {
            return;
        }
        String table = "filter";
        for (String line : Commands.require(List.of("iptables-save"), NEXT).split("\n")) {
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith("-A") && (line + " ").contains(" " + interfaceName + " ")) {
                List<String> command = new ArrayList<>(List.of("iptables", "-w", "-t", table, "-D"));
                command.addAll(List.of(line.substring(3).split(" ")));
                Commands.run(command);
            }
        }
    }

    private static void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of(tool()));
        command.addAll(List.of(arguments));
        Commands.require(command, NEXT);
    }

    private static String tool() {
        return Commands.find("ip")
                .orElseThrow(() -> new EngineFailure("The program 'ip' is missing.", "apt-get install iproute2"))
                .toString();
    }
}
