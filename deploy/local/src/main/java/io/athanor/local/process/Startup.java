package io.athanor.local.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Brings a process up: adopts the live one of this name, or clears the way and starts it, and waits until it answers. */
public final class Startup {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(25);

    private Startup() {}

    /**
     * Adopts or starts.
     *
     * @param answers whether the process answers now
     * @param clearTheWay removes what a killed process left; runs when nothing of this name lives
     * @return whether it was started, false where it was adopted
     */
    public static boolean adoptOrStart(
            ProcessRegistry registry, ProcessSpec spec, BooleanSupplier answers, Runnable clearTheWay) {
        String name = spec.name();
        if (registry.adoptable(spec).isPresent()) {
            Waiting.until(
                    LIMIT,
                    POLL,
                    () -> answers.getAsBoolean() || registry.live(name).isEmpty());
            if (registry.live(name).isPresent() && answers.getAsBoolean()) {
                return false;
            }
        }
        registry.stop(name);
        clearTheWay.run();
        if (spec.port() > 0) {
            Ports.requireFree(name, spec.port());
        }
        awaitReady(registry.start(spec), answers);
        return true;
    }

    private static void awaitReady(ManagedProcess process, BooleanSupplier answers) {
        boolean up = Waiting.until(LIMIT, POLL, () -> !process.isAlive() || answers.getAsBoolean());
        if (!process.isAlive()) {
            throw failure(process, "ended while it started");
        }
        if (!up) {
            process.stop();
            throw failure(process, "did not answer within " + LIMIT.toSeconds() + " s");
        }
    }

    private static EngineFailure failure(ManagedProcess process, String what) {
        return new EngineFailure(
                "%s %s; its log ends with:%n%s%n".formatted(process.name(), what, process.logTail()),
                "See " + process.log() + ".");
    }
}
