package io.athanor.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {
    private static final byte[] KEY = Wallets.devnet(0).privateKey();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("device.key");
    }

    @Test
    void aKeySurvivesAndOnlyItsOwnerMayReadIt() throws IOException {
        KeyFiles.write(file, KEY);
        assertThat(KeyFiles.read(file)).isEqualTo(KEY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void anExistingKeyIsNeverReplaced() throws IOException {
        KeyFiles.write(file, KEY);
        byte[] other = Wallets.devnet(1).privateKey();
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> KeyFiles.write(file, other));
        assertThat(KeyFiles.read(file)).isEqualTo(KEY);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void aFileOpenToOthersIsRefused() throws IOException {
        KeyFiles.write(file, KEY);
        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            assertThatIOException().isThrownBy(() -> KeyFiles.read(file)).withMessageContaining("chmod 600");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(KeyFiles.read(file)).isEqualTo(KEY);
    }

    @Test
    void anythingButAKeyIsRefused() throws IOException {
        KeyFiles.write(file, KEY);
        assertThat(KeyFiles.read(file)).isEqualTo(KEY);
        for (String content : new String[] {"", "0x12", "x".repeat(66), "0x" + "0".repeat(200), "\u00ff"}) {
            Files.writeString(file, content);
            assertThatIOException()
                    .as(content)
                    .isThrownBy(() -> KeyFiles.read(file))
                    .withMessageContaining("device.key");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> KeyFiles.write(folder.resolve("b"), new byte[31]));
    }
}
