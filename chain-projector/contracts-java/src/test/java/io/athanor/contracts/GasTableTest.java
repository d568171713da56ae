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
    private static final Path DOCS = Path.of("../../docs/contracts.md");
    private static final int TASKS_A_BATCH = 10_000;
    private static final int JOBS_A_CLAIM = 1_000;
    private static final long PRODUCT = (long) TASKS_A_BATCH * JOBS_A_CLAIM;

    private static long gas(String transaction) {
        return Vectors.gas().get(transaction).asLong();
    }

    /** What the contracts may cost; a claim but the first, whose one word of storage has to be made. */
    @Test
    void isWithinItsGoals() throws IOException {
        assertThat(gas("submit, 7 of 9 signers")).isLessThanOrEqualTo(160_000);
        long claim = gas("claim in 16,384 leaves");
        assertThat(claim).isLessThanOrEqualTo(75_000);
        assertThat(gas("claim in 16,384 leaves, an account's first") - claim)
                .as("a word that was zero, and nothing else")
                .isBetween(17_000L, 17_200L);
        long both = gas("submit, 15 of 21 signers") * JOBS_A_CLAIM + claim * TASKS_A_BATCH;
        long allIn = (both + PRODUCT / 2) / PRODUCT;
        assertThat(allIn).isLessThanOrEqualTo(100);
        assertThat(Files.readString(DOCS)).contains(allIn + " gas a settled task with 1,000 jobs a claim");
    }

    @Test
    void isTheSnapshot() throws IOException {
        String text = Files.readString(DOCS);
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
