package io.athanor.api.agent;

import io.athanor.api.agent.AgentRecords.Ack;
import io.athanor.api.agent.AgentRecords.AgentRow;
import io.athanor.api.agent.AgentRecords.OutboxRow;
import io.athanor.api.agent.AgentRecords.SessionState;
import io.athanor.api.web.Ticker;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.port.AgentMail;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The sessions this process serves. A machine has one: opening the next one fences the older, here and (within a second)
 * on every other node. Behind a load balancer requests of one machine belong on one node.
 *
 * <p>Acknowledgements are written behind: what a crash forgets is only said again.
 */
@Component
public final class AgentSessions implements AgentMail, SmartLifecycle {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LIVE = Duration.ofSeconds(60);
    /** How long after a session came here a lease may still be on its way through the event stream. */
    private static final Duration CATCHING_UP = Duration.ofSeconds(30);

    private static final int ROWS_PER_TICK = 10_000;

    private final AgentRecords records;
    private final InstantSource clock;
    private final UUID self = UUID.randomUUID();
    private final Map<MachineId, Session> sessions = new ConcurrentHashMap<>();
    private final Ticker ticker = new Ticker("agent-sessions", TICK, this::tick);

    AgentSessions(AgentRecords records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** One machine's session. Its monitor orders the reports of one machine. */
    static final class Session {
        final MachineId machine;
        final long number;
        final Mailbox mailbox = new Mailbox();
        final Instant here;
        /** Running containers whose lease is not known here yet. */
        final Set<LeaseId> unclaimed = ConcurrentHashMap.newKeySet();

        volatile long ackAgentSeq;
        volatile boolean ackDirty;
        volatile boolean online;
        volatile Instant heardAt;
        Inventory inventory;
        Set<String> unhealthy;

        Session(AgentRow row, Inventory inventory, Instant now) {
            this.machine = row.machine();
            this.number = row.session();
            this.ackAgentSeq = row.ackAgentSeq();
            this.online = row.online();
            this.inventory = inventory;
            this.unhealthy = new HashSet<>(row.unhealthy());
            this.here = now;
            this.heardAt = now;
        }
    }

    /** Begins the machine's next session and fences the one before. */
    Session open(MachineId machine, Inventory inventory, String agentVersion) {
        flush(sessions.get(machine));
        records.openSession(machine, self, inventory, agentVersion);
        return begin(machine, inventory);
    }

    private Session begin(MachineId machine, @Nullable Inventory inventory) {
        AgentRow row = records.agent(machine)
                .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "machine " + machine + " is not enrolled"));
        Inventory known = inventory == null ? row.inventory() : inventory;
        if (known == null) {
            throw new Refused(Reason.STALE_SESSION, "the machine has no session yet");
        }
        Session session = new Session(row, known, clock.instant());
        Session before = sessions.put(machine, session);
        if (before != null) {
            before.mailbox.close();
        }
        records.waiting(List.of(machine), ROWS_PER_TICK).forEach(this::offer);
        return session;
    }

    /** The session of this number, taken over after a restart. Error: {@link Refused} STALE_SESSION. */
    Session require(MachineId machine, long number) {
        Session session = sessions.get(machine);
        if (session == null) {
            session = adopt(machine, number);
        }
        Refused.unless(
                session.number == number,
                Reason.STALE_SESSION,
                "session " + number + " is over, the newest is " + session.number);
        session.heardAt = clock.instant();
        return session;
    }

    private Session adopt(MachineId machine, long number) {
        Refused.unless(
                records.holdSession(machine, self, number), Reason.STALE_SESSION, "session " + number + " is over");
        return begin(machine, null);
    }

    /** Whether a lease that is not known of this machine can still become known: right after a start, of either side. */
    boolean mayCatchUp(MachineId machine) {
        Session session = sessions.get(machine);
        return session == null || clock.instant().isBefore(session.here.plus(CATCHING_UP));
    }

    /** How many sessions were heard of lately. */
    public int live() {
        Instant since = clock.instant().minus(LIVE);
        return (int) sessions.values().stream()
                .filter(session -> session.heardAt.isAfter(since))
                .count();
    }

    void offer(MachineId machine, long eventIndex, AgentOrder order) {
        Session session = sessions.get(machine);
        if (session != null) {
            session.mailbox.add(eventIndex, order);
        }
    }

    void offer(OutboxRow row) {
        offer(row.machine(), row.eventIndex(), row.order());
    }

    @Override
    public boolean post(MachineId machine, AgentOrder order) {
        Session session = sessions.get(machine);
        boolean live =
                session != null && session.heardAt.isAfter(clock.instant().minus(LIVE));
        if (session != null && live) {
            session.mailbox.add(order);
        }
        return live;
    }

    /** Writes what was acknowledged, and takes note of what other nodes did. */
    void tick() {
        Collection<Session> all = sessions.values();
        removeAcknowledged(all);
        saveAcks(all);
        List<MachineId> machines = all.stream().map(session -> session.machine).toList();
        if (!machines.isEmpty()) {
            records.sessions(machines).forEach(this::compare);
            records.waiting(machines, ROWS_PER_TICK).forEach(this::offer);
        }
    }

    private void flush(@Nullable Session session) {
        if (session != null) {
            removeAcknowledged(List.of(session));
            saveAcks(List.of(session));
        }
    }

    private void removeAcknowledged(Collection<Session> all) {
        Set<Long> indexes = new HashSet<>();
        all.forEach(session -> indexes.addAll(session.mailbox.toRemove()));
        if (!indexes.isEmpty()) {
            List<Long> gone = records.removeAcknowledged(indexes);
            all.forEach(session -> session.mailbox.removed(gone));
        }
    }

    private void saveAcks(Collection<Session> all) {
        List<Ack> acks = new ArrayList<>();
        for (Session session : all) {
            if (session.ackDirty) {
                session.ackDirty = false;
                acks.add(new Ack(session.machine, session.number, session.ackAgentSeq));
            }
        }
        if (!acks.isEmpty()) {
            records.saveAcks(acks);
        }
    }

    private void compare(SessionState state) {
        Session session = sessions.get(state.machine());
        if (session == null) {
            return;
        }
        session.online = state.online();
        boolean elsewhere = session.number < state.session() || !state.holder().equals(self);
        if (elsewhere && sessions.remove(state.machine(), session)) {
            session.mailbox.close();
        }
    }

    /** The newest session number that this process knows, for tests and operators. */
    Optional<Long> numberOf(MachineId machine) {
        return Optional.ofNullable(sessions.get(machine)).map(session -> session.number);
    }

    @Override
    public void start() {
        ticker.start();
    }

    @Override
    public void stop() {
        if (ticker.stop()) {
            sessions.values().forEach(session -> session.mailbox.release());
            ticker.tick();
        }
    }

    @Override
    public boolean isRunning() {
        return ticker.isRunning();
    }
}
