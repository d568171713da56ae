package io.athanor.api.command;

import io.athanor.api.web.Reads;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.governance.ProposalCommand.ReportReadiness;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.query.Queries.FindUpgrade;
import io.athanor.domain.view.ProposalView;
import io.athanor.domain.wire.AgentProtocol.Ready;
import io.athanor.domain.wire.AgentProtocol.ReadyTaken;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Counts who holds an upgrade's programs, once a vote on them has passed. The signatures were checked before they come here. */
@Component
public final class ReadinessDesk {
    private final CommandDesk desk;
    private final Reads reads;
    private final InstantSource clock;

    ReadinessDesk(CommandDesk desk, Reads reads, InstantSource clock) {
        this.desk = desk;
        this.reads = reads;
        this.clock = clock;
    }

    /** @param reporter the machine's or the checker's stream */
    public ReadyTaken take(StreamId reporter, Ready said) {
        Optional<ProposalView> upgrade = reads.find(new FindUpgrade(said.artifact()), ProposalView.class);
        upgrade.ifPresent(passed -> desk.send(Order.inside(
                reporter.id(),
                null,
                new ReportReadiness(passed.id(), reporter, said.artifact(), said.signature(), clock.instant()))));
        return new ReadyTaken(upgrade.isPresent());
    }
}
