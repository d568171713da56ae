package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.CaseBondHeld;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobDisputed;
import io.athanor.domain.job.Lease;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds every client's dispute against the delivery it is about: what was paid, by whom, to whom, who judged it before; its
 * deposit; and every judgement of a large committee against what it found.
 */
final class FirstInstanceCheck implements Check {
    /** What large committees found, by the case: until the case is over, as all that is kept here. */
    private final Map<String, Map<RoundId, Fact>> facts = new HashMap<>();

    private final Map<CaseId, CaseBondHeld> deposits = new HashMap<>();
    private final Set<CaseId> disputed = new HashSet<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case RoundFinalized e when e.round().kind() == RoundId.Kind.SLASH -> remember(e);
            case CaseOpened e when e.offence() instanceof Dispute dispute -> opened(before, dispute, problem);
            case CaseBondHeld e -> deposits.putIfAbsent(e.penaltyCase(), e);
            case JobDisputed e -> disputed(before, e, problem);
            case CaseJudged e -> judged(before, e, problem);
            default -> {
                // No part of a dispute.
            }
        }
        if (event instanceof CaseEvent e && !(event instanceof CaseOpened)) {
            forget(before, e);
        }
    }

    private void forget(World before, CaseEvent event) {
        if (before.penaltyCase(event.id()).evolve(event).isOver()) {
            facts.remove(event.id().toString());
            deposits.remove(event.id());
            disputed.remove(event.id());
        }
    }

    /** How much is remembered. */
    int kept() {
        return facts.size() + deposits.size() + disputed.size();
    }

    private void remember(RoundFinalized e) {
        for (Verdict verdict : e.verdicts()) {
            if (verdict.fact() != null) {
                facts.computeIfAbsent(verdict.subject(), subject -> new HashMap<>())
                        .put(e.round(), verdict.fact());
            }
        }
    }

    private static void opened(World before, Dispute dispute, Consumer<String> problem) {
        boolean holds = before.task(dispute.delivery().lease().task()) instanceof Job.Settled settled
                && settled.lease() != null
                && isOf(before, dispute, settled, settled.lease());
        if (!holds) {
            problem.accept("the dispute is not of a settled delivery as it was");
        }
    }

    private static boolean isOf(World before, Dispute dispute, Job.Settled settled, Lease lease) {
        RoundId round = settled.assessment().round();
        return dispute.delivery().lease().equals(lease.id())
                && dispute.delivery().machine().equals(lease.machine())
                && dispute.delivery().provider().equals(lease.provider())
                && dispute.accused().operator().equals(lease.provider())
                && dispute.delivery()
                        .agentKey()
                        .equals(before.machine(lease.machine()).agentKey())
                && dispute.client().equals(settled.order().client())
                && dispute.bill().equals(settled.assessment().cost())
                && dispute.since().equals(settled.endedAt())
                && round != null
                && dispute.judges().equals(judges(before, round));
    }

    private static List<String> judges(World before, RoundId round) {
        return Seat.voices(before.round(round).known().committee());
    }

    private void disputed(World before, JobDisputed e, Consumer<String> problem) {
        CaseOpened opened = before.penaltyCase(e.penaltyCase()).opened();
        CaseBondHeld held = deposits.get(e.penaltyCase());
        if (opened == null || !(opened.offence() instanceof Dispute dispute)) {
            problem.accept("no dispute is open as case " + e.penaltyCase());
            return;
        }
        boolean same = dispute.delivery().lease().task().equals(e.task())
                && e.authorization().equals(opened.authorization());
        if (!same) {
            problem.accept("case " + e.penaltyCase() + " is another dispute");
        }
        boolean put = held != null
                && held.wallet().equals(dispute.client())
                && held.amount().equals(dispute.deposit())
                && held.authorization().equals(e.authorization());
        if (!put) {
            problem.accept("the dispute's deposit is not held");
        }
        if (!dispute.deposit().covers(PenaltyPolicy.disputeDeposit(dispute.bill(), parameters(before)))) {
            problem.accept(
                    "the deposit is at least " + PenaltyPolicy.disputeDeposit(dispute.bill(), parameters(before)));
        }
        disputed.add(e.penaltyCase());
    }

    private void judged(World before, CaseJudged e, Consumer<String> problem) {
        CaseOpened opened = before.penaltyCase(e.id()).known();
        if (opened.offence() instanceof Dispute && !disputed.contains(e.id())) {
            problem.accept("nobody disputed the task of case " + e.id());
        }
        RoundId round = e.round();
        if (round == null) {
            undecided(before, opened, e.at(), problem);
            return;
        }
        Fact fact = facts.getOrDefault(e.id().toString(), Map.of()).get(round);
        Ruling ruling = fact == Fact.UPHELD ? Ruling.UPHELD : fact == Fact.REFUTED ? Ruling.REVERSED : Ruling.HUNG;
        if (ruling != e.ruling()) {
            problem.accept("round " + round + " came to " + ruling);
        }
        if (!e.judges().equals(judges(before, round))) {
            problem.accept("who judged in " + round + " are " + judges(before, round));
        }
    }

    private static void undecided(World before, CaseOpened opened, Instant at, Consumer<String> problem) {
        ProtocolParameters parameters = parameters(before);
        long days = parameters.accountable().penalties().appealDays();
        Instant until = opened.at().plusMillis(days * parameters.timing().dayMillis());
        if (at.isBefore(until)) {
            problem.accept("a committee could be drawn until " + until);
        }
    }

    private static ProtocolParameters parameters(World before) {
        return before.protocol.current().parameters();
    }
}
