package io.athanor.local.network;

import io.athanor.local.process.Trees;
import java.nio.file.Path;

/**
 * Where a network lies: one data folder and one range of ports on loopback.
 *
 * @param data all its state
 * @param portBase the first port; the others have a fixed distance from it
 */
public record NetworkLayout(Path data, int portBase) {

    /** The data folder unless another is chosen. */
    public static final String DEFAULT_DATA = ".athanor";
    /** The first port unless another is chosen. */
    public static final int DEFAULT_PORT_BASE = 8480;
    /** How many ports a network may use. */
    public static final int PORTS = 100;

    private static final int LARGEST_PORT = 65_535;

    /** Makes the folder; its path is the kernel's. */
    public NetworkLayout {
        if (portBase < 1024 || portBase + PORTS > LARGEST_PORT) {
            throw new IllegalArgumentException(
                    "--port-base must be 1024 … " + (LARGEST_PORT - PORTS) + ", and it is " + portBase + ".");
        }
        data = Trees.realFolder(data);
    }

    /** REST, GraphQL, console, and the protocols of agents and Checkers. */
    public int api() {
        return portBase;
    }

    /** Health and metrics of the node. */
    public int management() {
        return portBase + 1;
    }

    /** PostgreSQL. */
    public int postgres() {
        return portBase + 2;
    }

    /** JSON-RPC of the EVM node. */
    public int anvil() {
        return portBase + 4;
    }

    /** The image registry. */
    public int registry() {
        return portBase + 6;
    }

    /** Metrics of the n-th agent, from 0. */
    public int agentMetrics(int n) {
        return portBase + 10 + n;
    }

    /** The endpoint of the n-th Checker, from 0. */
    public int checker(int n) {
        return portBase + 20 + n;
    }
}
