package io.athanor.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The figures in docs/contracts.md are the measured ones. */
class GasTableTest {
    private static final int TASKS_A_BATCH = 10_000;

    @Test
    void isTheSnapshot() throws IOException {
        String text = Files.readString(Path.of("../../docs/contracts.md"));
        List<String> rows = new ArrayList<>();
        Vectors.gas()
                .properties()
                .forEach(entry -> rows.add("| %s | %,d |"
                        .formatted(
                                entry.getKey(), Long.parseLong(entry.getValue().asText()))));
        String table = "| transaction | gas |\n|---|---|\n" + String.join("\n", rows) + "\n\n";
        assertThat(text).contains(table);
        long batch = Vectors.gas().get("submit, 15 of 21 signers").asLong();
        assertThat(text).contains("about " + (batch + TASKS_A_BATCH / 2) / TASKS_A_BATCH + " gas a task");
    }
}
