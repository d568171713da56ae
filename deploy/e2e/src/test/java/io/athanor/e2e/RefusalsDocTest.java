package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Reason;
import io.athanor.domain.job.Ending;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of bad input in the pages say what the catalogue says, and name tests that exist. */
class RefusalsDocTest {
    private static final Path API = Repository.ROOT.resolve("docs/api.md");
    private static final String TEST = " \\| \\[\\w+]\\(([^)]+)\\) `(\\w+)` \\|";
    private static final Pattern REFUSAL =
            Pattern.compile("(?m)^\\| .+ \\| (\\d{3}) `([A-Z_]+)` \\| (.+?)" + TEST + "$");
    private static final Pattern ENDED = Pattern.compile("(?m)^\\| .+ \\| `([A-Z_]+)` \\| (.+?)" + TEST + "$");

    private static final Path ECONOMICS = Repository.ROOT.resolve("docs/economics.md");

    private static List<MatchResult> rows(Path page, Pattern row) {
        return row.matcher(Repository.text(page)).results().toList();
    }

    private static void exists(String link, String method) {
        Path test = API.resolveSibling(link).normalize();
        assertThat(test).isRegularFile();
        assertThat(Repository.text(test)).as(test + " has " + method).contains("void " + method + "(");
    }

    @Test
    void everyRefusalIsTheCataloguesAndHasItsTest() {
        assertRefusals(API, 20);
        assertRefusals(ECONOMICS, 9);
    }

    private static void assertRefusals(Path page, int atLeast) {
        assertThat(rows(page, REFUSAL)).hasSizeGreaterThanOrEqualTo(atLeast).allSatisfy(row -> {
            Reason reason = Reason.valueOf(row.group(2));
            assertThat(row.group(1)).isEqualTo(Integer.toString(reason.status()));
            assertThat(row.group(3)).isEqualTo(reason.nextStep());
            exists(row.group(4), row.group(5));
        });
    }

    @Test
    void everyEndingIsTheCataloguesAndHasItsTest() {
        assertThat(rows(API, ENDED)).hasSizeGreaterThan(3).allSatisfy(row -> {
            assertThat(row.group(2)).isEqualTo(Ending.valueOf(row.group(1)).nextStep());
            exists(row.group(3), row.group(4));
        });
    }
}
