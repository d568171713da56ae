package io.athanor.local.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits with a limit; every wait of the launcher has one. */
public final class Waiting {

    private Waiting() {}

    /** Polls a condition until it holds; false where it did not within the limit. */
    public static boolean until(Duration limit, Duration step, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause(step);
        }
        return true;
    }

    /** Sleeps; an interrupt ends the work at hand with a failure and stays set. */
    public static void pause(Duration step) {
        try {
            Thread.sleep(step);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EngineFailure("Interrupted while waiting.", "Start again.", interrupted);
        }
    }
}
