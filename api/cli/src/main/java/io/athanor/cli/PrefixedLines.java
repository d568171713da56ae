package io.athanor.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Whole lines with the task they come from in front, so that several tasks' logs can share one output. */
final class PrefixedLines implements Consumer<String> {
    private final PrintWriter out;
    private final String prefix;
    private final StringBuilder unfinished = new StringBuilder();

    PrefixedLines(PrintWriter out, String prefix) {
        this.out = out;
        this.prefix = prefix;
    }

    @Override
    public void accept(String text) {
        unfinished.append(text);
        int begin = 0;
        for (int end = unfinished.indexOf("\n"); end >= 0; end = unfinished.indexOf("\n", begin)) {
            out.println(prefix + unfinished.substring(begin, end));
            begin = end + 1;
        }
        unfinished.delete(0, begin);
    }

    /** Prints a last line that has no end. */
    void finish() {
        if (!unfinished.isEmpty()) {
            out.println(prefix + unfinished);
            unfinished.setLength(0);
        }
    }
}
