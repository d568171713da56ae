package io.athanor.local.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * How the local EVM node mines.
 *
 * @param port its port on loopback
 * @param blockSeconds seconds between blocks; 0 mines a block for each transaction at once
 * @param persistent whether its state is kept in the data folder and survives a kill
 * @param slotsInAnEpoch a block is final after twice as many
 */
public record AnvilSettings(int port, int blockSeconds, boolean persistent, int slotsInAnEpoch) {

    /** The chain id of every local chain; the node accepts the public development keys on no other. */
    public static final long CHAIN_ID = 31337;
    /** Blocks to a slot's epoch of the node: a block is final two of them later, after 8 blocks. */
    static final int SLOTS_IN_AN_EPOCH = 4;
    /** Seconds between two writes of the state: well within the 8 blocks to finality. */
    static final int STATE_INTERVAL_SECONDS = 4;
    /**
     * States of past blocks that a chain in memory keeps. Without this number anvil moves them to disk, all but the newest
     * ten in time, and a reorganisation back to one from the disk loses the contracts' code.
     */
    static final int STATES = 500;
    /** Funded accounts of the public mnemonic: deployer, submitter, guardian, client, provider, Checkers, tests. */
    static final int ACCOUNTS = 30;

    /** A chain for a network: a block a second, kept. */
    public static AnvilSettings network(int port) {
        return new AnvilSettings(port, 1, true, SLOTS_IN_AN_EPOCH);
    }

    /** A chain in memory that mines each transaction at once. */
    public static AnvilSettings automine(int port) {
        return new AnvilSettings(port, 0, false, SLOTS_IN_AN_EPOCH);
    }

    /** A chain in memory with a block a second, so that finality moves. */
    public static AnvilSettings blocks(int port) {
        return new AnvilSettings(port, 1, false, SLOTS_IN_AN_EPOCH);
    }

    /** The same with another distance to finality. */
    public AnvilSettings finalAfter(int blocks) {
        return new AnvilSettings(port, blockSeconds, persistent, blocks / 2);
    }

    List<String> arguments(String stateFile) {
        List<String> arguments = new ArrayList<>(List.of(
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--chain-id",
                Long.toString(CHAIN_ID),
                "--accounts",
                Integer.toString(ACCOUNTS),
                "--slots-in-an-epoch",
                Integer.toString(slotsInAnEpoch),
                "--hardfork",
                "prague",
                "--enable-tx-gas-limit"));
        if (blockSeconds > 0) {
            arguments.addAll(List.of("--block-time", Integer.toString(blockSeconds)));
        }
        arguments.addAll(
                persistent
                        ? List.of("--state", stateFile, "--state-interval", Integer.toString(STATE_INTERVAL_SECONDS))
                        : List.of("--prune-history", Integer.toString(STATES)));
        return arguments;
    }
}
