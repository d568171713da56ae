package io.athanor.api.agent;

import io.athanor.api.agent.AgentRecords.LeaseRow;
import io.athanor.api.agent.AgentSessions.Session;
import io.athanor.api.command.CommandDesk;
import io.athanor.codec.Json;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobCommand.DeclineJob;
import io.athanor.domain.job.JobCommand.EndJob;
import io.athanor.domain.job.JobCommand.LoseJob;
import io.athanor.domain.job.JobCommand.StartJob;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.MachineCommand.AnnounceMaintenance;
import io.athanor.domain.machine.MachineCommand.EndMaintenance;
import io.athanor.domain.machine.MachineCommand.ReleaseGpus;
import io.athanor.domain.machine.MachineCommand.ReportHardware;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Cancel;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Forget;
import io.athanor.domain.wire.AgentProtocol.AgentReport;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Declined;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Draining;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Ended;
import io.athanor.domain.wire.AgentProtocol.AgentReport.GpuChanged;
import io.athanor.domain.wire.AgentProtocol.AgentReport.Started;
import io.athanor.domain.wire.AgentProtocol.Reported;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Agents' reports → commands. The reports of one sync go as one order; where it is refused each goes alone, and what is
 * still refused is answered with an order that ends the matter (Forget, Cancel), never with an error that the agent
 * would repeat for ever.
 */
@Component
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final CommandDesk desk;
    private final Leases leases;
    private final AgentRecords records;
    private final AgentSessions sessions;

    Reports(CommandDesk desk, Leases leases, AgentRecords records, AgentSessions sessions) {
        this.desk = desk;
        this.leases = leases;
        this.records = records;
        this.sessions = sessions;
    }

    /** What a report leads to; where its commands are refused, {@code ifRefused} is sent and the agent gets the answer. */
    private record Step(
            List<Command> commands,
            List<Command> ifRefused,
            @Nullable AgentOrder answer) {
        static final Step NOTHING = new Step(List.of(), List.of(), null);
    }

    /** Takes the new reports in their order; whether there were any. Error: {@link Refused} UNAVAILABLE or CONFLICT. */
    boolean take(Session session, String agentKey, List<Reported> reports, Instant now) {
        synchronized (session) {
            List<Reported> fresh = reports.stream()
                    .filter(report -> report.seq() > session.ackAgentSeq)
                    .sorted(Comparator.comparingLong(Reported::seq))
                    .toList();
            if (fresh.isEmpty()) {
                return false;
            }
            List<Step> steps = fresh.stream()
                    .map(report -> step(session, agentKey, report.report(), now))
                    .toList();
            perform(session, steps);
            session.ackAgentSeq = fresh.getLast().seq();
            session.ackDirty = true;
            return true;
        }
    }

    private void perform(Session session, List<Step> steps) {
        List<Command> all = new ArrayList<>();
        steps.forEach(step -> all.addAll(step.commands()));
        if (all.isEmpty() || trySend(session, all).isEmpty()) {
            return;
        }
        for (Step step : steps) {
            trySend(session, step.commands()).ifPresent(refused -> giveUp(session, step, refused));
        }
    }

    private void giveUp(Session session, Step step, Refused refused) {
        LOG.info("machine {}: {} {}", session.machine, refused.reason(), refused.detail());
        trySend(session, step.ifRefused())
                .ifPresent(again -> LOG.warn("machine {}: {}", session.machine, again.detail()));
        if (step.answer() != null) {
            session.mailbox.add(step.answer());
        }
    }

    /** Empty when sent. Error: a refusal that another try may pass. */
    private Optional<Refused> trySend(Session session, List<Command> commands) {
        if (commands.isEmpty()) {
            return Optional.empty();
        }
        try {
            desk.send(Order.inside(actor(session), null, commands));
            return Optional.empty();
        } catch (Refused refused) {
            if (refused.reason() == Reason.UNAVAILABLE || refused.reason() == Reason.CONFLICT) {
                throw refused;
            }
            return Optional.of(refused);
        }
    }

    static String actor(Session session) {
        return "machine:" + session.machine;
    }

    private Step step(Session session, String agentKey, AgentReport report, Instant now) {
        return switch (report) {
            case Started r ->
                ofLease(
                        session,
                        r.lease(),
                        new Cancel(r.lease(), Ending.LEASE_EXPIRED),
                        row -> new Step(
                                List.of(new StartJob(r.lease().task(), r.lease(), r.container(), now)),
                                List.of(),
                                new Cancel(r.lease(), Ending.LEASE_EXPIRED)));
            case Ended r -> ofLease(session, r.lease(), new Forget(r.lease()), row -> ended(session, agentKey, r, now));
            case Declined r ->
                ofLease(
                        session,
                        r.lease(),
                        new Forget(r.lease()),
                        row -> over(
                                session,
                                r.lease(),
                                new DeclineJob(r.lease().task(), r.lease(), r.ending(), shortened(r.detail()), now),
                                now));
            case GpuChanged r -> gpuChanged(session, r, now);
            case Draining r -> {
                records.setDraining(session.machine, r.draining());
                Command command = r.draining()
                        ? new AnnounceMaintenance(session.machine, r.from() == null ? now : r.from(), r.until(), now)
                        : new EndMaintenance(session.machine, now);
                yield new Step(List.of(command), List.of(), null);
            }
        };
    }

    private static String shortened(String detail) {
        return detail.substring(0, Math.min(detail.length(), Limits.REASON_CHARS));
    }

    /** Only the machine that holds a lease speaks for it. */
    private Step ofLease(
            Session session, LeaseId lease, AgentOrder otherwise, java.util.function.Function<LeaseRow, Step> step) {
        Optional<LeaseRow> row = leases.lease(lease);
        Refused.unless(
                row.isPresent() || !sessions.mayCatchUp(session.machine),
                Reason.UNAVAILABLE,
                lease + " is not known here yet");
        if (row.filter(found -> found.machine().equals(session.machine)).isEmpty()) {
            LOG.warn("machine {} reports on {}, which it does not hold", session.machine, lease);
            session.mailbox.add(otherwise);
            return Step.NOTHING;
        }
        return step.apply(row.get());
    }

    private Step ended(Session session, String agentKey, Ended report, Instant now) {
        Receipt receipt = report.receipt();
        if (!receipt.lease().equals(report.lease()) || !isSigned(receipt, agentKey)) {
            session.mailbox.add(new Forget(report.lease()));
            String detail = "the receipt is not signed by the machine's key";
            LeaseId lease = report.lease();
            return over(session, lease, new LoseJob(lease.task(), lease, Ending.CONTAINER_LOST, detail, now), now);
        }
        ReleaseGpus release = new ReleaseGpus(session.machine, report.lease(), now);
        return new Step(
                List.of(new EndJob(report.lease().task(), receipt, now), release),
                List.of(release),
                new Forget(report.lease()));
    }

    private static Step over(Session session, LeaseId lease, Command lost, Instant now) {
        ReleaseGpus release = new ReleaseGpus(session.machine, lease, now);
        return new Step(List.of(lost, release), List.of(release), new Forget(lease));
    }

    /** Ed25519 over the canonical JSON of the receipt with an empty signature. */
    static boolean isSigned(Receipt receipt, String agentKey) {
        try {
            return Ed25519.verify(
                    Hex.decode(agentKey), Json.canonical(receipt.unsigned()), Hex.decode(receipt.signature()));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private Step gpuChanged(Session session, GpuChanged report, Instant now) {
        boolean changed =
                report.healthy() ? session.unhealthy.remove(report.uuid()) : session.unhealthy.add(report.uuid());
        if (!changed) {
            return Step.NOTHING;
        }
        records.setUnhealthy(session.machine, session.unhealthy);
        return new Step(List.of(new ReportHardware(session.machine, healthy(session), now)), List.of(), null);
    }

    /** What the machine has to offer: its inventory without the GPUs that are out of order. */
    static Inventory healthy(Session session) {
        Inventory all = session.inventory;
        return new Inventory(
                all.fingerprint(),
                all.region(),
                all.gpus().stream()
                        .filter(gpu -> !session.unhealthy.contains(gpu.uuid()))
                        .toList(),
                all.cpuThreads(),
                all.memoryMib(),
                all.diskGib(),
                all.downMbit(),
                all.upMbit(),
                all.engineVersion(),
                all.simulated());
    }
}
