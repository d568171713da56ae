package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.e2e.JavaSources.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The size and tidiness that every Java file and document keeps. */
class TidyTest {
    private static final int METHOD_LINES = 60;
    private static final int METHOD_LINES_P90 = 20;
    private static final int FILE_LINES = 400;
    /** Spelled in parts, so that this file does not contain them. */
    private static final Pattern MARKERS = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b|@Dis" + "abled\\b");

    private static final Pattern LINK = Pattern.compile("\\[[^]\\n]*]\\(([^)\\s]+)\\)");
    /** A path from the root, in text, code or a command line. */
    private static final Pattern ROOT_PATH = Pattern.compile("(?<![\\w./~@:-])"
            + "(api|chain-projector|command-side|deploy|docs|domain|gpu-agent|query-side|sagas|\\.ci|\\.mvn)"
            + "/[\\w./-]*\\w");

    private static final Pattern CODE_BLOCK = Pattern.compile("(?s)```.*?```");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w./~-])/(home|root|Users|mnt|work)/|[A-Z]:\\\\");

    private static final List<Path> FILES = Repository.files(".java");
    private static final JavaSources ALL = JavaSources.parse(FILES);
    private static final JavaSources MAIN = JavaSources.parse(
            FILES.stream().filter(f -> f.toString().contains("/src/main/")).toList());

    @Test
    void theWholeRepositoryIsLookedAt() {
        assertThat(FILES).extracting(Repository::name).anyMatch(f -> f.startsWith("domain/model/src/main/"));
        assertThat(ALL.methods()).hasSizeGreaterThan(500);
        assertThat(MAIN.methods()).hasSizeBetween(250, ALL.methods().size() - 100);
    }

    @Test
    void noMethodIsLong() {
        assertThat(ALL.methods().stream().filter(m -> m.lines() > METHOD_LINES)).isEmpty();
    }

    @Test
    void mostMethodsAreShort() {
        int[] lines = MAIN.methods().stream().mapToInt(Method::lines).sorted().toArray();
        assertThat(lines[lines.length * 9 / 10]).as("p90 in main").isLessThanOrEqualTo(METHOD_LINES_P90);
        int[] withTests =
                ALL.methods().stream().mapToInt(Method::lines).sorted().toArray();
        assertThat(withTests[withTests.length * 9 / 10]).as("p90").isLessThanOrEqualTo(METHOD_LINES_P90);
    }

    @Test
    void noFileIsLong() {
        assertThat(FILES.stream().filter(f -> Repository.text(f).lines().count() > FILE_LINES))
                .extracting(Repository::name)
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        List<String> found = new ArrayList<>();
        for (Path file : FILES) {
            Matcher marker = MARKERS.matcher(Repository.text(file));
            while (marker.find()) {
                found.add(Repository.name(file) + ": " + marker.group());
            }
        }
        assertThat(found).isEmpty();
        assertThat(MAIN.unsupported())
                .as("what is not supported is not written")
                .isEmpty();
        assertThat(MAIN.emptyCatches()).as("no exception vanishes").isEmpty();
    }

    private static List<Path> documents() {
        List<Path> documents = new ArrayList<>(Repository.files(Repository.ROOT.resolve("docs"), ".md"));
        documents.add(Repository.ROOT.resolve("README.md"));
        documents.add(Repository.ROOT.resolve("CONTRIBUTING.md"));
        return documents;
    }

    @Test
    void relativeLinksOfDocumentsResolve() {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link =
                    LINK.matcher(CODE_BLOCK.matcher(Repository.text(document)).replaceAll(""));
            while (link.find()) {
                String target = link.group(1).replaceAll("#.*", "");
                boolean external = target.isEmpty() || target.matches("[a-z]+:.*");
                if (!external && !Files.exists(document.resolveSibling(target).normalize())) {
                    broken.add(Repository.name(document) + " -> " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void pathsThatDocumentsNameExist() {
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path document : documents()) {
            Matcher path =
                    ROOT_PATH.matcher(LINK.matcher(Repository.text(document)).replaceAll(""));
            while (path.find()) {
                named++;
                boolean built = path.group().contains("/target/");
                if (!built && !Files.exists(Repository.ROOT.resolve(path.group()))) {
                    missing.add(Repository.name(document) + " -> " + path.group());
                }
            }
        }
        assertThat(named).isGreaterThan(5);
        assertThat(missing).isEmpty();
    }

    @Test
    void documentsNameNoMachinesPaths() {
        List<String> found = new ArrayList<>();
        for (Path document : documents()) {
            List<String> lines = Repository.text(document).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (MACHINE_PATH.matcher(lines.get(i)).find()) {
                    found.add(Repository.name(document) + ":" + (i + 1) + " " + lines.get(i));
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
