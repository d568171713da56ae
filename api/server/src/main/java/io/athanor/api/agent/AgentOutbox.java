package io.athanor.api.agent;

import io.athanor.api.agent.AgentOrders.Addressed;
import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.api.agent.AgentRecords.OutboxRow;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Drain;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Events → orders to machines. The durable way is a tracking processor that writes rows in its token's transaction and
 * wakes the long poll after the commit; ahead of it goes what this node has just committed, straight into the mailbox.
 * Both know an order by its event's index, so that it is delivered once.
 */
@Component
@ProcessingGroup(AgentOutbox.PROCESSOR)
@DisallowReplay
final class AgentOutbox {
    static final String PROCESSOR = "agent-outbox";
    private static final String ROWS = AgentOutbox.class.getName() + ".rows";
    private static final Logger LOG = LoggerFactory.getLogger(AgentOutbox.class);

    private final AgentRecords records;
    private final Leases leases;
    private final AgentSessions sessions;
    private final JdbcTemplate sql;

    AgentOutbox(AgentRecords records, Leases leases, AgentSessions sessions, JdbcTemplate sql) {
        this.sql = sql;
        this.records = records;
        this.leases = leases;
        this.sessions = sessions;
    }

    /** The fast way; memory only, and never throws: what it misses comes by the durable way. */
    void committed(List<Committed> batch) {
        for (Committed committed : batch) {
            try {
                if (committed.event() instanceof JobEvent event) {
                    leases.recent().see(event);
                    AgentOrders.of(event, leases.recent())
                            .ifPresent(to -> sessions.offer(to.machine(), committed.index(), to.order()));
                }
            } catch (RuntimeException e) {
                LOG.warn("event {} will reach its agent by the outbox table", committed.index(), e);
            }
        }
    }

    @EventHandler
    void on(JobEvent event, TrackingToken token) {
        leases.recent().see(event);
        OutboxRows rows = rows();
        if (event instanceof JobSubmitted e) {
            rows.submitted(e);
        }
        if (event instanceof JobToppedUp e) {
            rows.toppedUp(e);
        }
        if (event instanceof JobAssigned e) {
            LeaseRow lease = row(e);
            leases.recent().keep(lease);
            rows.leased(lease);
        }
        AgentOrders.of(event, leases).ifPresent(to -> post(to, token));
        LeaseId ended = AgentOrders.ended(event);
        if (ended != null) {
            rows.ended(ended);
        }
        if (event instanceof JobSettled e) {
            rows.settled(e.task());
        }
    }

    /** What this batch has to write so far; it is written before the batch's transaction commits. */
    private OutboxRows rows() {
        UnitOfWork<?> unit = CurrentUnitOfWork.get().root();
        return unit.getOrComputeResource(ROWS, key -> {
            OutboxRows rows = new OutboxRows();
            unit.onPrepareCommit(ready -> rows.write(sql));
            unit.afterCommit(done -> rows.posted().forEach(sessions::offer));
            return rows;
        });
    }

    private LeaseRow row(JobAssigned e) {
        return leases.recent()
                .lease(e.lease().id())
                .or(() -> leases.wanted(e.task().job()).map(wanted -> AgentOrders.leased(e.lease(), wanted)))
                .orElseThrow(() -> new IllegalStateException("no order of " + e.task() + " came before its lease"));
    }

    @EventHandler
    void on(MachineEvent event, TrackingToken token) {
        switch (event) {
            case MachineEnrolled e -> records.enrolled(e.machine(), e.agentKey(), e.provider());
            case MachineWentOnline e -> records.setOnline(e.machine(), true);
            case MachineWentOffline e -> records.setOnline(e.machine(), false);
            case MachineRetired e -> post(new Addressed(e.machine(), new Drain()), token);
            default -> LOG.trace("{} tells no agent anything", event);
        }
    }

    private void post(Addressed to, TrackingToken token) {
        long index = token.position().orElseThrow(() -> new IllegalStateException("the token has no position"));
        rows().post(new OutboxRow(to.machine(), index, to.order()));
    }
}
