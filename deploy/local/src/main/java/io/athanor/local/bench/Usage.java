package io.athanor.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process, with the processes it has started, has used so far, as the kernel counts it.
 *
 * @param cpuMillis user and system time, also of children that have ended
 * @param rssKib resident memory, shared pages counted in each process
 * @param pssKib resident memory, shared pages divided among those who share them
 */
record Usage(long cpuMillis, long rssKib, long pssKib) {
    /** Linux reports times in ticks of 10 ms to programs, whatever its own clock. */
    private static final long MILLIS_PER_TICK = 10;
    /** Fields of {@code stat} counted from the state: utime, stime, cutime, cstime. */
    private static final int USER = 11;

    private static final int ENDED_CHILDREN = 13;
    private static final int FIELDS = 15;
    private static final int PARENT = 1;

    static Usage of(long pid) {
        long ticks = 0;
        long rss = 0;
        long pss = 0;
        for (long process : tree(pid)) {
            String[] stat = stat(process);
            if (stat.length > FIELDS) {
                // Ended children of the children are waited for by them, and so counted in them.
                for (int field = USER; field < FIELDS; field++) {
                    boolean counted = field < ENDED_CHILDREN || process == pid;
                    ticks += counted ? Long.parseLong(stat[field]) : 0;
                }
                rss += kib(process, "Rss:");
                pss += kib(process, "Pss:");
            }
        }
        return new Usage(ticks * MILLIS_PER_TICK, rss, pss);
    }

    private static List<Long> tree(long pid) {
        List<Long> tree = new ArrayList<>(List.of(pid));
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.matches("\\d+"))
                    .map(Long::valueOf)
                    .filter(process -> {
                        String[] stat = stat(process);
                        return stat.length > PARENT && stat[PARENT].equals(Long.toString(pid));
                    })
                    .forEach(tree::add);
        } catch (IOException failed) {
            throw new IllegalStateException("/proc cannot be read", failed);
        }
        return tree;
    }

    private static String[] stat(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        } catch (IOException gone) {
            return new String[0];
        }
    }

    private static long kib(long pid, String field) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException gone) {
            return 0;
        }
    }
}
