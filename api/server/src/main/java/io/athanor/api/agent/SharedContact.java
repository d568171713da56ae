package io.athanor.api.agent;

import io.athanor.api.agent.ContactRecords.Heard;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.port.Contact;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Hears machines, and tells the other nodes of it once a second: whichever node runs the routers knows of them all, at
 * most two seconds late. With one node nothing is told and nothing asked but whether there are others.
 */
@Component
public final class SharedContact implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SharedContact.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** A node that was not seen for this long is none; so is a contact this old. */
    private static final Duration OLD = Duration.ofSeconds(10);

    private final Contact contact;
    private final ContactRecords records;
    private final InstantSource clock;
    private final UUID self = UUID.randomUUID();
    private final Map<MachineId, Instant> fresh = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService ticker;

    public SharedContact(Contact contact, ContactRecords records, InstantSource clock) {
        this.contact = contact;
        this.records = records;
        this.clock = clock;
    }

    /** A machine spoke to this node. */
    public void heard(MachineId machine, Instant at) {
        contact.heard(machine, at);
        fresh.put(machine, at);
    }

    /** Says that this node serves, and tells and asks the others. */
    void tick() {
        Instant now = clock.instant();
        List<Heard> told = new ArrayList<>();
        fresh.forEach((machine, at) -> told.add(new Heard(machine, at)));
        if (records.others(self, now, now.minus(OLD)) == 0) {
            told.forEach(heard -> fresh.remove(heard.machine(), heard.at()));
            return;
        }
        records.tell(self, told);
        told.forEach(heard -> fresh.remove(heard.machine(), heard.at()));
        records.heardElsewhere(self, now.minus(OLD)).forEach(heard -> contact.heard(heard.machine(), heard.at()));
    }

    private void safeTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.warn("other nodes are told of machines a second later: {}", e.getMessage());
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService begun = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("shared-contact").factory());
        ScheduledFuture<?> _ = begun.scheduleWithFixedDelay(this::safeTick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        ticker = begun;
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = ticker;
        if (running != null) {
            running.shutdown();
            ticker = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return ticker != null;
    }
}
