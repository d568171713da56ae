package io.athanor.audit;

import io.athanor.crypto.BatchSignatures;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.job.Job;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.Refutation;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.signing.SigningDomain;
import java.util.function.Consumer;

/**
 * Holds every case of a refuted match against what it says: its leaves are in the batch, the accused signed that batch, and
 * match and agreement, or match and the order in the history, differ. Which transaction refuted it, only the chain says.
 */
final class RefutationCheck implements Check {
    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        if (event instanceof CaseOpened opened && opened.offence() instanceof RefutedMatch offence) {
            proven(offence, problem);
            signed(before, offence, problem);
            born(before, offence, problem);
            since(before, offence, problem);
        }
    }

    private static void proven(RefutedMatch offence, Consumer<String> problem) {
        if (!offence.isProven()) {
            problem.accept("batch " + offence.proof().batch().seq() + " has no such match");
        }
    }

    private static void signed(World before, RefutedMatch offence, Consumer<String> problem) {
        var accused = before.checkers.get(offence.accused().operator());
        if (accused == null || !offence.attester().equals(accused.attester())) {
            problem.accept(offence.attester() + " is not the key of " + offence.accused());
        }
        var network = before.protocol.network();
        boolean holds = network != null
                && BatchSignatures.isBy(offence, new SigningDomain(network.chainId(), network.settlementLog()));
        if (!holds) {
            problem.accept("the batch is not signed by " + offence.attester());
        }
    }

    private static void born(World before, RefutedMatch offence, Consumer<String> problem) {
        Refutation refutation = offence.refutation();
        TaskId task = refutation.task();
        Job job = before.task(task);
        boolean born = job instanceof Job.None
                || refutation
                        .finding()
                        .bornBy(job.order().spec(), task, offence.proof().price());
        if (!born) {
            problem.accept("the order in the history covers the match of " + task);
        }
    }

    private static void since(World before, RefutedMatch offence, Consumer<String> problem) {
        EpochOpened epoch = before.epoch(offence.proof().epoch()).opened();
        if (epoch == null || !epoch.endsAt().equals(offence.since())) {
            problem.accept("the batch's epoch did not end at " + offence.since());
        }
    }
}
