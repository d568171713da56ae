package io.athanor.api.agent;

import io.athanor.api.agent.ContactRecords.Heard;
import io.athanor.api.web.Ticker;
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
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Hears machines, and tells the other nodes of it once a second: whichever node runs the routers knows of them all, at
 * most two seconds late. With one node nothing is told and nothing asked but whether there are others.
 */
@Component
public final class SharedContact implements SmartLifecycle {
    private static final Duration TICK = Duration.ofSeconds(1);
    /** A node that was not seen for this long is none; so is a contact this old. */
    private static final Duration OLD = Duration.ofSeconds(10);

    private final Contact contact;
    private final ContactRecords records;
    private final InstantSource clock;
    private final UUID self = UUID.randomUUID();
    private final Map<MachineId, Instant> fresh = new ConcurrentHashMap<>();
    private final Ticker ticker = new Ticker("shared-contact", TICK, this::tick);

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

    @Override
    public void start() {
        ticker.start();
    }

    @Override
    public void stop() {
        ticker.stop();
    }

    @Override
    public boolean isRunning() {
        return ticker.isRunning();
    }
}
