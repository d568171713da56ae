package io.athanor.local.command;

import io.athanor.local.engine.Checkout;
import io.athanor.local.network.NetworkLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network a subcommand is about. */
public final class NetworkOptions {

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "The network's data folder (ATHANOR_DATA; default: .athanor beside the launcher).")
    private @Nullable Path data;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description = "The first of its ports on loopback (ATHANOR_PORT_BASE; default: 8480).")
    private @Nullable Integer portBase;

    NetworkLayout layout() {
        return new NetworkLayout(
                Optional.ofNullable(data)
                        .or(() -> variable("ATHANOR_DATA").map(Path::of))
                        .orElseGet(() -> Checkout.root().resolve(NetworkLayout.DEFAULT_DATA)),
                Optional.ofNullable(portBase)
                        .or(() -> variable("ATHANOR_PORT_BASE").map(Integer::valueOf))
                        .orElse(NetworkLayout.DEFAULT_PORT_BASE));
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}
