package io.athanor.audit;

import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.stake.StakeRules;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds what the network had to decide and did not: a vote that is over and not counted, one that has passed and is neither
 * executed nor cancelled after its timelock, an upgrade whose epoch has come and that neither begins nor is put off nor called off.
 *
 * <p>Invariant: each is told once, {@value #EPOCHS} epochs after the first epoch opened in which it was due. The time between
 * openings counts, not their number: after an outage many epochs open at once. A passed change of parameters is not due
 * while another set waits for its epoch.
 */
final class DueDecisionCheck implements Check {
    static final int EPOCHS = 2;

    /** When the first epoch opened in which it was due, by what it is. */
    private final Map<String, Instant> since = new HashMap<>();

    private final Set<String> told = new TreeSet<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        NetworkBegun network = before.protocol.network();
        if (!(event instanceof EpochOpened opened) || network == null) {
            return;
        }
        var timing = before.protocol.current().parameters().timing();
        Set<String> due = new TreeSet<>();
        before.proposals.forEach((id, proposal) -> {
            if (isDue(proposal, StakeRules.day(opened.at(), network.genesis(), timing), before.protocol)) {
                due.add(decision(id, proposal));
            }
        });
        if (isUpgradeDue(before.protocol, opened.epoch())) {
            due.add(upgrade(before.protocol));
        }
        since.keySet().retainAll(due);
        for (String decision : due) {
            Instant first = since.computeIfAbsent(decision, _ -> opened.at());
            boolean late = opened.at().isAfter(first.plusMillis(EPOCHS * timing.epochMillis()));
            if (late && told.add(decision)) {
                problem.accept(decision + " since " + first + " and is not decided");
            }
        }
    }

    private static boolean isDue(Proposal proposal, long day, Protocol protocol) {
        boolean waits = proposal.stage() == Proposal.Stage.QUEUED
                && proposal.known().measure() instanceof ChangeParameters
                && protocol.next() != null;
        boolean open = proposal.stage() == Proposal.Stage.VOTING || proposal.stage() == Proposal.Stage.QUEUED;
        return open && !waits && day >= proposal.until();
    }

    private static String decision(ProposalId id, Proposal proposal) {
        return (proposal.stage() == Proposal.Stage.VOTING ? "the count of proposal " : "the execution of proposal ")
                + id + " is due";
    }

    private static boolean isUpgradeDue(Protocol protocol, long epoch) {
        Long due = protocol.upgradeDue();
        boolean asked = protocol.current().parameters().economics().governance().upgrade() != null;
        return due != null && asked && epoch >= due;
    }

    private static String upgrade(Protocol protocol) {
        UpgradeAnnounced upgrade = protocol.upgrade();
        return "the upgrade of proposal " + (upgrade == null ? "" : upgrade.proposal()) + " of epoch "
                + protocol.upgradeDue() + " is due";
    }
}
