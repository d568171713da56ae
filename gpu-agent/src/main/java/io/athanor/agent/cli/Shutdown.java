package io.athanor.agent.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** TERM becomes an interruption of the main thread, and the process waits for it to put its things away. */
final class Shutdown {
    private static final long MOST_SECONDS = 30;

    private Shutdown() {}

    /** @return to be counted down when everything is put away */
    static CountDownLatch interruptThisThread() {
        Thread main = Thread.currentThread();
        CountDownLatch left = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            main.interrupt();
            await(left);
        }));
        return left;
    }

    /** Bounded: a process that was told to end does. */
    private static void await(CountDownLatch left) {
        try {
            if (!left.await(MOST_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("athanor-agent: gave up waiting after " + MOST_SECONDS + " s");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
