package io.athanor.local.verify;

import java.time.Duration;

/** The stages of a full check, each with the time it should stay within on two cores. */
enum Stage {
    DOWNLOADS("downloads", 5),
    BUILD("build and checks", 5),
    UNIT("unit, property, simulation", 4),
    INTEGRATION("integration", 6),
    END_TO_END("end to end", 5);

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

    /** The stage of a Maven plugin's goal in a module. */
    static Stage of(String plugin, String artifact) {
        boolean unit = plugin.equals("surefire");
        boolean integration = plugin.equals("failsafe");
        if ((unit || integration) && artifact.equals(END_TO_END_ARTIFACT)) {
            return END_TO_END;
        }
        if (unit) {
            return UNIT;
        }
        return integration ? INTEGRATION : BUILD;
    }
}
