package io.athanor.local.engine;

/**
 * A server of somebody else's making that the launcher runs.
 *
 * <p>{@link #start()} ends when the engine answers. Where a live one of the same data folder is found it is adopted if
 * it was started in the same way and answers, and stopped and started anew otherwise; what a kill left is cleaned up.
 */
public interface Engine {

    /** Its name; also that of its process record and log. */
    String name();

    /** Starts or adopts it; an {@code EngineFailure} says why it cannot. */
    void start();

    /** Stops it and all that it started. */
    void stop();

    /** Whether its processes live: cheap enough to be asked every second. */
    boolean lives();

    /** Whether it answers now. */
    boolean answers();
}
