package io.athanor.local.verify;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Maven's output line by line: the time between two lines belongs to the stage of the module that began a goal
 * last, or to the downloads where the second line reports one.
 */
final class MavenOutput {

    /** The head of a plugin's goal, in Maven 3.8 {@code maven-surefire-plugin:3.6.1:test}, later {@code surefire:…}. */
    private static final Pattern GOAL = Pattern.compile("^\\[INFO] --- [a-z-]+:[^ ]+ \\([^)]*\\) @ ([a-z0-9-]+).*");

    private static final Pattern DOWNLOAD = Pattern.compile("^(\\[INFO] )?Download(ing|ed) from .*");
    private static final Pattern MODULE_SUMMARY = Pattern.compile(
            "^\\[\\w+] Tests run: (\\d+), Failures: (\\d+), Errors: (\\d+), Skipped: (\\d+)(?:, Flakes: (\\d+))?$");

    private final Map<Stage, Duration> times = new EnumMap<>(Stage.class);
    private Stage stage = Stage.MODULES;
    private long tests;
    private long failures;
    private long errors;
    private long skipped;
    private long flakes;

    /** Takes a line and the time since the one before; whether a person wants to see it. */
    boolean accept(String line, Duration sinceLast) {
        boolean download = DOWNLOAD.matcher(line).matches();
        add(download ? Stage.DOWNLOADS : stage, sinceLast);
        Matcher goal = GOAL.matcher(line);
        if (goal.matches()) {
            stage = Stage.of(goal.group(1));
        }
        Matcher summary = MODULE_SUMMARY.matcher(line);
        if (summary.matches()) {
            tests += Long.parseLong(summary.group(1));
            failures += Long.parseLong(summary.group(2));
            errors += Long.parseLong(summary.group(3));
            skipped += Long.parseLong(summary.group(4));
            flakes += summary.group(5) == null ? 0 : Long.parseLong(summary.group(5));
        }
        return !download;
    }

    void add(Stage to, Duration time) {
        times.merge(to, time, Duration::plus);
    }

    Duration time(Stage of) {
        return times.getOrDefault(of, Duration.ZERO);
    }

    /** How many tests all modules ran. */
    long tests() {
        return tests;
    }

    /** The sums over all modules in Surefire's own form; a flake failed first and passed when it was run again. */
    String summary() {
        return "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d, Flakes: %d"
                .formatted(tests, failures, errors, skipped, flakes);
    }
}
