package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Holds the table of docs/agent-behaviours.md to the tests: every behaviour has some, and every one that is named exists. */
class BehavioursTest {
    private static final Path PAGE = Path.of("../docs/agent-behaviours.md");
    private static final int BEHAVIOURS = 25;
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| .+ \\| (.+) \\|");
    private static final Pattern LINK =
            Pattern.compile("\\[`(\\w+)#(\\w+)`]\\(\\.\\./gpu-agent/src/test/java/([\\w/]+)\\.java\\)");

    @Test
    void everyBehaviourIsProvenByTestsThatExist() throws Exception {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> ROW.matcher(line).matches())
                .toList();
        assertThat(rows)
                .extracting(BehavioursTest::number)
                .isEqualTo(IntStream.rangeClosed(1, BEHAVIOURS).boxed().toList());
        for (String row : rows) {
            assertThat(testsIn(row)).as(row).isNotEmpty();
        }
    }

    @Test
    void everyBadInputIsShownByTestsThatExist() throws Exception {
        String page = Files.readString(PAGE);
        List<String> rows = page.substring(page.indexOf("## Bad input"), page.indexOf("## A fork bomb"))
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .toList();
        assertThat(rows).hasSizeGreaterThan(10);
        for (String row : rows) {
            assertThat(testsIn(row)).as(row).isNotEmpty();
        }
    }

    private static int number(String row) {
        Matcher matcher = ROW.matcher(row);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static List<Method> testsIn(String row) throws IOException {
        return LINK.matcher(row)
                .results()
                .map(link -> test(link.group(3).replace('/', '.'), link.group(1), link.group(2)))
                .toList();
    }

    private static Method test(String className, String shownClass, String method) {
        assertThat(className).endsWith("." + shownClass);
        try {
            Method found = Class.forName(className).getDeclaredMethod(method);
            assertThat(found.isAnnotationPresent(Test.class)).as(method).isTrue();
            return found;
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError(className + "#" + method + " does not exist", missing);
        }
    }
}
