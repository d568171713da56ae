package io.athanor.local.verify;

import java.time.Duration;

/** The stages of a full check, each with the time it should stay within on two cores. */
enum Stage {
    DOWNLOADS("downloads", 5),
    MODULES("modules, two at a time", 13),
    END_TO_END("end to end", 7);

    private static final String END_TO_END_ARTIFACT = "athanor-e2e";

    private final String title;
    private final Duration budget;

    Stage(String title, int budgetMinutes) {
        this.title = title;
        this.budget = Duration.ofMinutes(budgetMinutes);
    }

    String title() {
        return title;
    }

    Duration budget() {
        return budget;
    }

    /** The stage of a module. The one with the tests from end to end needs all others, so that it is built alone. */
    static Stage of(String artifact) {
        return artifact.equals(END_TO_END_ARTIFACT) ? END_TO_END : MODULES;
    }
}
