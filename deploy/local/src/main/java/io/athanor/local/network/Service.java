package io.athanor.local.network;

import io.athanor.local.process.ProcessSpec;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of Athanor's own processes: the node, an agent, a Checker.
 *
 * @param name unique in the network; names its record and its log
 * @param command the program and its arguments
 * @param environment added to the network's own {@code ATHANOR_*}
 * @param port its port on loopback, 0 where it has none
 * @param ready answers with a status below 300 once the service works; without it a live process counts as ready
 */
public record Service(
        String name, List<String> command, Map<String, String> environment, int port, Optional<URI> ready) {

    /** Copies, so that a description never changes. */
    public Service {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    ProcessSpec specification(Path directory) {
        return ProcessSpec.of(name, command, directory, port).with(environment);
    }
}
