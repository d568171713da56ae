package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.common.Event;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import java.util.function.Consumer;

/** Finds orders, offers, leases and withdrawals that came while the network was paused. */
final class PauseCheck implements Check {
    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case JobSubmitted e -> running(before, e, problem);
            case JobAssigned e -> running(before, e, problem);
            case OfferListed e -> running(before, e, problem);
            case WithdrawalRequested e -> running(before, e, problem);
            default -> {
                // A pause does not stop it.
            }
        }
    }

    private static void running(World before, Event event, Consumer<String> problem) {
        NetworkPaused pause = before.protocol.pause();
        if (pause != null
                && pause.isInForce(event.at())
                && event.at().isAfter(pause.at().plus(ON_ITS_WAY))) {
            problem.accept("the network is paused until " + pause.until());
        }
    }
}
