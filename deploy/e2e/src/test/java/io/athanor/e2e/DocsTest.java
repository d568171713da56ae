package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/rules.md} names every rule's file and test, and other pages the tests of bad inputs: all exist. */
class DocsTest {
    private static final Path RULES = Repository.ROOT.resolve("docs/rules.md");
    private static final Path MODEL = Repository.ROOT.resolve("domain/model/src");
    private static final Pattern ROW = Pattern.compile("(?m)^\\|[^|\\n]+\\|([^|\\n]+)\\|([^|\\n]+)\\|$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)\\)");

    private static final Path DOCS = Repository.ROOT.resolve("docs");
    private static final Pattern TEST = Pattern.compile("\\[`(\\w+)`]\\(([^)#\\s]+)\\)");

    private static List<Path> links(String cell) {
        List<Path> targets = new ArrayList<>();
        Matcher link = LINK.matcher(cell);
        while (link.find()) {
            targets.add(RULES.resolveSibling(link.group(1)).normalize());
        }
        return targets;
    }

    private static List<List<Path>> column(int group) {
        List<List<Path>> cells = new ArrayList<>();
        Matcher row = ROW.matcher(Repository.text(RULES));
        while (row.find()) {
            boolean head = row.group(1).isBlank() || row.group(1).matches("[ -]+|\\s*file\\s*");
            if (!head) {
                cells.add(links(row.group(group)));
            }
        }
        return cells;
    }

    @Test
    void everyRowNamesAFileAndATestThatExist() {
        assertThat(column(1)).hasSizeGreaterThan(20).allMatch(files -> !files.isEmpty());
        assertThat(column(2)).allMatch(tests -> !tests.isEmpty());
        assertThat(column(1)).allSatisfy(files -> assertThat(files).allMatch(Files::isRegularFile));
        assertThat(column(2)).allSatisfy(tests -> assertThat(tests).allMatch(Files::isRegularFile));
    }

    @Test
    void everyTestOfARuleIsInTheTable() {
        List<Path> named = column(2).stream().flatMap(List::stream).toList();
        List<Path> tests = Repository.files(MODEL.resolve("test"), ".java").stream()
                .filter(f -> f.toString().matches(".*(Test|Properties)\\.java"))
                .filter(f -> !f.toString().contains("/hash/"))
                .toList();
        assertThat(tests).isNotEmpty();
        assertThat(named).containsAll(tests);
    }

    /** A rule is a class of pure functions, or a state that decides. */
    @Test
    void everyRuleOfTheModelIsInTheTable() {
        List<Path> named = column(1).stream().flatMap(List::stream).toList();
        List<Path> rules = Repository.files(MODEL.resolve("main"), ".java").stream()
                .filter(f -> !f.toString().matches(".*/(hash|common|signing|wire|query|port)/.*"))
                .filter(f -> isRule(Repository.text(f)))
                .toList();
        assertThat(rules).hasSizeGreaterThan(15);
        assertThat(named).containsAll(rules);
    }

    private static boolean isRule(String text) {
        return text.contains("public final class ") || text.contains("> decide(");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contracts.md", "verification.md"})
    void everyBadInputNamesATestThatExists(String page) {
        String table =
                Repository.text(DOCS.resolve(page)).split("## Bad input\n")[1].split("\n## ")[0];
        List<String> rows =
                table.lines().filter(line -> line.startsWith("| ")).skip(1).toList();
        assertThat(rows).hasSizeGreaterThan(9).allMatch(row -> TEST.matcher(row).find());
        Matcher test = TEST.matcher(table);
        while (test.find()) {
            Path file = DOCS.resolve(test.group(2)).normalize();
            assertThat(file).isRegularFile();
            assertThat(Repository.text(file))
                    .as("%s", file)
                    .containsPattern("(void|function) " + test.group(1) + "\\(");
        }
    }
}
