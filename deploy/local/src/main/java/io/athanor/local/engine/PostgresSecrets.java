package io.athanor.local.engine;

import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Trees;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** The passwords of one server's roles, made once and kept beside its data folder, readable by their owner alone. */
final class PostgresSecrets {

    private static final int PASSWORD_BYTES = 24;

    private final Properties passwords = new Properties();

    private PostgresSecrets(String content) throws IOException {
        passwords.load(new StringReader(content));
    }

    /** New passwords for a server that is about to be made. */
    static void create(Path file) {
        Trees.writePrivately(
                file,
                "%s=%s%n%s=%s%n%s=%s%n"
                        .formatted(
                                PostgresRoles.ADMIN, password(),
                                PostgresRoles.OWNER, password(),
                                PostgresRoles.APP, password()));
    }

    static PostgresSecrets read(Path file) {
        try {
            return new PostgresSecrets(Files.readString(file));
        } catch (IOException missing) {
            throw new EngineFailure(
                    "PostgreSQL's passwords in " + file + " cannot be read.",
                    "Restore that file from a backup; its data folder is of no use without it.",
                    missing);
        }
    }

    String of(String role) {
        String password = passwords.getProperty(role);
        if (password == null) {
            throw new EngineFailure("There is no password for the role " + role + ".", "Restore the secrets file.");
        }
        return password;
    }

    private static String password() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
