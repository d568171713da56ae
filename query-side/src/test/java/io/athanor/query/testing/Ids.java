package io.athanor.query.testing;

import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Identifiers by number: the same number is the same identifier. */
public final class Ids {
    /** When histories begin. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final String SIGNATURE = "0x" + "11".repeat(65);

    private Ids() {}

    public static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    private static UUID uuid(int family, long number) {
        return UuidText.v7(START.toEpochMilli() + number, family, number);
    }

    public static JobId job(long number) {
        return new JobId(uuid(1, number));
    }

    public static MachineId machine(long number) {
        return new MachineId(uuid(2, number));
    }

    public static Wallet wallet(long number) {
        return Wallet.parse(String.format("0x%040x", BigInteger.valueOf(number)));
    }

    public static Hash32 hash(String text) {
        return Hash32.keccak(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Sha256 sha256(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Authorization authorization(Wallet wallet, long number) {
        return new Authorization(new CommandId(uuid(3, number)), wallet, wallet, at(number + 600_000), SIGNATURE);
    }
}
