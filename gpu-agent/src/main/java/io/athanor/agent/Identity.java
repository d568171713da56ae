package io.athanor.agent;

import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.crypto.KeyFiles;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.hash.Hex;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * Who this machine is: an id and an Ed25519 device key, both made here at first use and kept in the data folder; the key's
 * file has mode 0600 and the folder 0700. The owner's wallet key is never on the machine.
 */
public record Identity(MachineId machine, Ed25519.KeyPair key) {
    private static final String KEY_FILE = "device.key";
    private static final String MACHINE_FILE = "machine.json";

    private record MachineFile(MachineId machine) {}

    /** Reads the identity of a data folder, or makes one. */
    public static Identity of(Path data) throws IOException {
        try {
            return readOrMade(data);
        } catch (FileSystemException unusable) {
            throw new IOException(
                    "the data folder " + data + " cannot be used: " + unusable.getMessage()
                            + "; it must be on a disk that can be written, and belong to the agent's user",
                    unusable);
        }
    }

    private static Identity readOrMade(Path data) throws IOException {
        Files.createDirectories(
                data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // Also where somebody else made the folder: its files are nobody else's business.
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        SecureRandom random = new SecureRandom();
        Path keyFile = data.resolve(KEY_FILE);
        if (!Files.exists(keyFile)) {
            KeyFiles.write(keyFile, Ed25519.generate(random).privateKey());
        }
        Path machineFile = data.resolve(MACHINE_FILE);
        if (!Files.exists(machineFile)) {
            MachineId made =
                    new MachineId(UuidText.v7(System.currentTimeMillis(), random.nextLong(), random.nextLong()));
            Path next = data.resolve(MACHINE_FILE + ".next");
            Files.write(next, Json.bytes(new MachineFile(made)));
            Files.move(next, machineFile, StandardCopyOption.ATOMIC_MOVE);
        }
        MachineId machine =
                Json.read(Files.readAllBytes(machineFile), MachineFile.class).machine();
        return new Identity(machine, Ed25519.keyPair(KeyFiles.read(keyFile)));
    }

    /** The public device key as 0x hex. */
    public String agentKey() {
        return Hex.encode(key.publicKey());
    }
}
