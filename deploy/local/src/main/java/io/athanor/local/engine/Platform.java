package io.athanor.local.engine;

import io.athanor.local.process.EngineFailure;
import java.util.Locale;

/** The two platforms that all engines are published for. */
enum Platform {
    AMD64("postgres-linux-x86_64.txz", "amd64"),
    ARM64("postgres-linux-arm_64.txz", "arm64");

    private final String postgresArchive;
    private final String npmName;

    Platform(String postgresArchive, String npmName) {
        this.postgresArchive = postgresArchive;
        this.npmName = npmName;
    }

    static Platform current() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (os.equals("linux") && (arch.equals("amd64") || arch.equals("x86_64"))) {
            return AMD64;
        }
        if (os.equals("linux") && arch.equals("aarch64")) {
            return ARM64;
        }
        throw new EngineFailure(
                "The engines are published for Linux on amd64 and arm64, and this is " + os + " on " + arch + ".",
                "Use such a machine, or set ATHANOR_DB_URL, ATHANOR_CHAIN_RPC and DOCKER_HOST to engines elsewhere.");
    }

    /** The archive in the PostgreSQL binaries' jar. */
    String postgresArchive() {
        return postgresArchive;
    }

    /** The platform part of the EVM node's npm package. */
    String npmName() {
        return npmName;
    }
}
