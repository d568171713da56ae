package io.athanor.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Log files of child processes: {@code log/NAME.log}, older ones {@code .1} to {@code .3}. */
final class Logs {

    static final long ROTATE_BYTES = 16L << 20;
    private static final int KEPT = 3;
    private static final int TAIL_LINES = 15;

    private Logs() {}

    /** Moves a large log aside; called while no process has it open. */
    static void rotate(Path log, long limitBytes) {
        try {
            if (!Files.exists(log) || Files.size(log) < limitBytes) {
                return;
            }
            for (int age = KEPT - 1; age >= 1; age--) {
                Path older = aged(log, age);
                if (Files.exists(older)) {
                    Files.move(older, aged(log, age + 1), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.move(log, aged(log, 1), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Path aged(Path log, int age) {
        return log.resolveSibling(log.getFileName() + "." + age);
    }

    static String tail(Path log) {
        try {
            List<String> lines =
                    List.of(Files.readString(log, StandardCharsets.ISO_8859_1).split("\n"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException unreadable) {
            return "(no log: " + unreadable.getMessage() + ")";
        }
    }
}
