package io.athanor.saga.routing;

import io.athanor.domain.port.CommittedEvents;
import io.athanor.domain.port.EventSource;
import io.athanor.saga.live.LiveSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The one thread of the routers, from the node's start to its stop. Of several nodes on one database one leads, the one
 * whose durable feed of the live set runs; the others look at nothing, and take over where it is gone.
 */
public final class ConductorThread implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ConductorThread.class);
    private static final Duration STOP = Duration.ofSeconds(5);
    /** How soon a follower notices that it leads. */
    private static final long FOLLOWER_LOOKS_MILLIS = 100;
    /** After the event processors and the doors: from then on machines can be heard. */
    private static final int PHASE = Integer.MAX_VALUE - 200;

    private final Conductor conductor;
    private final LiveSet live;
    private final CommittedEvents committed;
    private final EventSource events;
    private final InstantSource clock;
    private final Consumer<Instant> begins;
    private final ParkedWork parked;
    private final BooleanSupplier leads;
    private boolean led;
    private Instant nextRefresh = Instant.MIN;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread thread;
    private @Nullable AutoCloseable subscription;

    /**
     * @param begins told when the routers begin, here or after another node
     * @param leads whether this node runs the routers now
     */
    public ConductorThread(
            Conductor conductor,
            LiveSet live,
            CommittedEvents committed,
            EventSource events,
            InstantSource clock,
            ParkedWork parked,
            Consumer<Instant> begins,
            BooleanSupplier leads) {
        this.conductor = conductor;
        this.live = live;
        this.committed = committed;
        this.events = events;
        this.clock = clock;
        this.parked = parked;
        this.begins = begins;
        this.leads = leads;
    }

    @Override
    public void start() {
        running = true;
        live.onChange(work::release);
        conductor.onWork(work::release);
        live.closes();
        subscription = committed.subscribe(live::committed);
        thread = Thread.ofPlatform().name("saga-routers").start(this::run);
    }

    private void run() {
        while (running) {
            try {
                if (work.tryAcquire(step(), TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("a pass of the routers failed and will be tried again", e);
                pause();
            }
        }
    }

    /** Looks, where this node leads; the milliseconds until the next time. */
    private long step() {
        boolean leading = leads.getAsBoolean();
        if (leading != led) {
            change(leading);
        }
        if (!leading) {
            live.closes();
            return FOLLOWER_LOOKS_MILLIS;
        }
        if (!live.ready()) {
            // Where nothing has happened since the leader before, no batch of the durable feed brings its rows.
            live.begin();
        }
        Instant now = clock.instant();
        if (!now.isBefore(nextRefresh)) {
            parked.refresh();
            nextRefresh = now.plus(Conductor.SWEEP);
        }
        conductor.pass();
        return millisUntil(conductor.nextPass());
    }

    private void change(boolean leading) {
        if (leading) {
            begins.accept(clock.instant());
            // Commits are subscribed to already: an event is either before the head or comes by the subscription.
            live.opensAt(events.head());
        }
        led = leading;
        LOG.info("the routers run on {}", leading ? "this node" : "another node, or wait for it");
    }

    /** The first sweep is due at the beginning of time, so only what lies ahead is subtracted. */
    private long millisUntil(Instant next) {
        Instant now = clock.instant();
        long millis = next.isAfter(now) ? Duration.between(now, next).toMillis() : 0;
        return Math.clamp(millis, 1, Conductor.SWEEP.toMillis());
    }

    private static void pause() {
        try {
            Thread.sleep(Conductor.SWEEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
        try {
            AutoCloseable open = subscription;
            if (open != null) {
                open.close();
            }
            work.release();
            Thread runs = thread;
            if (runs != null && !runs.join(STOP)) {
                runs.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the routers did not stop cleanly", e);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
