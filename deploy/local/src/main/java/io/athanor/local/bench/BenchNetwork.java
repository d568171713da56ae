package io.athanor.local.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.local.bench.peers.CheckersProgram;
import io.athanor.local.bench.peers.LoadProgram;
import io.athanor.local.devnet.DevnetAccounts;
import io.athanor.local.devnet.Programs;
import io.athanor.local.network.Network;
import io.athanor.local.network.NetworkLayout;
import io.athanor.local.network.Progress;
import io.athanor.local.network.Service;
import io.athanor.local.network.Services;
import io.athanor.local.process.Trees;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The network that is measured: PostgreSQL, EVM node and node as they always are, and simulated peers beside them. */
final class BenchNetwork {
    static final String LOAD = "simulated-load";
    static final String CHECKERS = "simulated-checkers";

    private static final int LOAD_DOOR = 90;

    private final NetworkLayout layout;
    private final BenchSettings settings;

    BenchNetwork(NetworkLayout layout, BenchSettings settings) {
        this.layout = layout;
        this.settings = settings;
    }

    Network network(Progress progress) {
        Network network = new Network(layout, Map.of())
                .withoutContainers()
                .profile(write("bench-profile.json", profile()).toString());
        DevnetAccounts accounts = new DevnetAccounts(
                network, progress, settings.checkers(), settings.machines() * settings.gpusPerMachine());
        network.with("node", () -> Services.node(layout, nodeOptions()));
        network.with(accounts);
        network.with(CHECKERS, this::checkers);
        network.with(LOAD, () -> {
            accounts.awaitProviderBond();
            return load();
        });
        return network;
    }

    /** Both compilers, as on a server, where no option says otherwise. */
    private List<String> nodeOptions() {
        return Stream.concat(Stream.of(Programs.BOTH_COMPILERS), settings.nodeOptions().stream())
                .toList();
    }

    /** The development profile with committees of as many seats as there are checkers. */
    private ObjectNode profile() {
        ObjectNode profile = Json.mapper().valueToTree(Profiles.load("devnet"));
        profile.put("profile", "bench");
        ObjectNode committee = profile.withObject("/committee");
        int quorum = settings.checkers() / 2 + 1;
        committee.put("routineSeats", settings.checkers()).put("routineQuorum", quorum);
        committee.put("onboardingSeats", settings.checkers()).put("onboardingQuorum", quorum);
        return profile;
    }

    URI loadDoor(String path) {
        return URI.create("http://127.0.0.1:" + (layout.portBase() + LOAD_DOOR) + path);
    }

    private Service load() {
        LoadProgram.Settings own = new LoadProgram.Settings(
                Services.api(layout),
                layout.data().resolve("contracts.json"),
                layout.portBase() + LOAD_DOOR,
                settings.machines(),
                settings.gpusPerMachine(),
                settings.runMillis());
        Path file = write("simulated-load.json", own);
        return new Service(
                LOAD,
                Programs.local(LoadProgram.class, List.of(file.toString())),
                Map.of(),
                layout.portBase() + LOAD_DOOR,
                Optional.of(loadDoor("/certified")));
    }

    private Service checkers() {
        CheckersProgram.Settings own = new CheckersProgram.Settings(
                Services.api(layout),
                layout.data().resolve("contracts.json"),
                layout.data(),
                IntStream.range(0, settings.checkers())
                        .mapToObj(layout::checker)
                        .toList());
        Path file = write("simulated-checkers.json", own);
        return new Service(
                CHECKERS,
                Programs.local(CheckersProgram.class, List.of(file.toString())),
                Map.of(),
                0,
                Optional.empty());
    }

    /** A service is described anew whenever it is looked at, also while a program reads what it was started with. */
    private Path write(String name, Object value) {
        Path file = layout.data().resolve(name);
        Trees.writePrivately(file, Json.text(value));
        return file;
    }
}
