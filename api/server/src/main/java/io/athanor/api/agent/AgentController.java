package io.athanor.api.agent;

import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.api.agent.AgentSessions.Session;
import io.athanor.api.auth.Caller;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.web.Network;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.job.Ending;
import io.athanor.domain.machine.MachineCommand.BringOnline;
import io.athanor.domain.machine.MachineCommand.ReportHardware;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Telemetry;
import io.athanor.domain.protocol.ProtocolParameters.Liveness;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Cancel;
import io.athanor.domain.wire.AgentProtocol.OpenSession;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import io.athanor.domain.wire.AgentProtocol.SessionOpened;
import io.athanor.domain.wire.AgentProtocol.Sync;
import io.athanor.domain.wire.AgentProtocol.Synced;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sessions and the long poll of agents. The requests' signatures were checked before they come here. */
@RestController
@RequestMapping("/agent/v1")
class AgentController {
    private static final Duration MAX_POLL = Duration.ofSeconds(30);
    private static final int MAX_RUNNING = 4_096;

    private final AgentSessions sessions;
    private final Reports reports;
    private final Leases leases;
    private final CommandDesk desk;
    private final Network network;
    private final Telemetry telemetry;
    private final SharedContact contact;
    private final InstantSource clock;

    AgentController(
            AgentSessions sessions,
            Reports reports,
            Leases leases,
            CommandDesk desk,
            Network network,
            Telemetry telemetry,
            SharedContact contact,
            InstantSource clock) {
        this.sessions = sessions;
        this.reports = reports;
        this.leases = leases;
        this.desk = desk;
        this.network = network;
        this.telemetry = telemetry;
        this.contact = contact;
        this.clock = clock;
    }

    @PostMapping("/session")
    SessionOpened open(@RequestBody OpenSession body) {
        Refused.unless(
                body.running().size() <= MAX_RUNNING, Reason.TOO_LARGE, "at most " + MAX_RUNNING + " leases run");
        Caller.Machine caller = Caller.current(Caller.Machine.class);
        Instant now = clock.instant();
        Session session = sessions.open(caller.machine(), body.inventory(), body.agentVersion());
        contact.heard(caller.machine(), now);
        desk.send(Order.inside(
                Reports.actor(session),
                null,
                List.of(
                        new ReportHardware(caller.machine(), body.inventory(), now),
                        new BringOnline(caller.machine(), now))));
        session.online = true;
        reconcile(session, new HashSet<>(body.running()));
        Liveness liveness = network.parameters().liveness();
        return new SessionOpened(
                session.number,
                session.ackAgentSeq,
                liveness.heartbeatMillis(),
                liveness.leaseTtlMillis(),
                clock.instant());
    }

    /** Leases without a container are ordered again; containers without a lease are to stop, once that is certain. */
    private void reconcile(Session session, Set<LeaseId> running) {
        for (LeaseRow row : leases.openOn(session.machine)) {
            if (!running.contains(row.lease())) {
                session.mailbox.add(row.start());
            }
        }
        session.unclaimed.addAll(running);
        stopUnclaimed(session);
    }

    private void stopUnclaimed(Session session) {
        boolean certain = !sessions.mayCatchUp(session.machine);
        session.unclaimed.removeIf(lease -> decide(session, lease, certain));
    }

    /** Whether it is known by now whose the container is; one without a lease is stopped. */
    private boolean decide(Session session, LeaseId lease, boolean certain) {
        Optional<LeaseRow> row = leases.lease(lease);
        boolean decided = row.isPresent() || certain;
        boolean ours = row.filter(known -> known.open() && known.machine().equals(session.machine))
                .isPresent();
        if (decided && !ours) {
            session.mailbox.add(new Cancel(lease, Ending.LEASE_EXPIRED));
        }
        return decided;
    }

    @PostMapping("/sync")
    Synced sync(@RequestBody Sync body) {
        Refused.unless(
                body.reports().size() <= Limits.SYNC_EVENTS,
                Reason.TOO_LARGE,
                "a sync carries at most " + Limits.SYNC_EVENTS + " reports");
        Caller.Machine caller = Caller.current(Caller.Machine.class);
        Instant now = clock.instant();
        Session session = sessions.require(caller.machine(), body.session());
        telemetry.heartbeat(caller.machine(), body.heartbeat(), now);
        contact.heard(caller.machine(), now);
        session.mailbox.acknowledge(body.ackServerSeq());
        if (!session.online) {
            desk.send(Order.inside(Reports.actor(session), null, new BringOnline(caller.machine(), now)));
            session.online = true;
        }
        stopUnclaimed(session);
        boolean reported = reports.take(session, caller.agentKey(), body.reports(), now);
        List<Ordered> orders = session.mailbox.await(reported ? Duration.ZERO : patience(), Limits.SYNC_COMMANDS);
        return new Synced(session.ackAgentSeq, orders, 0, clock.instant());
    }

    /** A poll is held no longer than a heartbeat may stay away. */
    private Duration patience() {
        Duration heartbeat = Duration.ofMillis(network.parameters().liveness().heartbeatMillis());
        return heartbeat.compareTo(MAX_POLL) < 0 ? heartbeat : MAX_POLL;
    }
}
