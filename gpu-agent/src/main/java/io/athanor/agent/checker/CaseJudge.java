package io.athanor.agent.checker;

import io.athanor.agent.checker.Evidence.Found;
import io.athanor.codec.Json;
import io.athanor.crypto.BatchSignatures;
import io.athanor.crypto.ReportSignatures;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.canary.CanaryGrade;
import io.athanor.domain.canary.CanaryOpening;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.Offence.Refutation;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges a dispute or an appeal: does the case's own evidence bear the penalty? Signatures, verdicts and deliveries are looked
 * at again.
 */
final class CaseJudge {
    /** Where files are read. */
    interface Files {
        <T> T get(String path, Class<T> type) throws IOException, InterruptedException;
    }

    /** Looks at a delivery again. */
    interface Deliveries {
        Found judge(DeliverySubject subject) throws IOException, InterruptedException;
    }

    private final Files http;
    private final Deliveries deliveries;
    private final NetworkTerms terms;

    CaseJudge(Files http, Deliveries deliveries, NetworkTerms terms) {
        this.http = http;
        this.deliveries = deliveries;
        this.terms = terms;
    }

    /** The finding; an {@link IOException} says that nothing can be said now. */
    Found judge(CaseSubject subject) throws IOException, InterruptedException {
        CaseView file = http.get("/v1/cases/" + subject.key(), CaseView.class);
        List<String> doubts = new ArrayList<>();
        if (!file.offence().caseId().equals(subject.penaltyCase())) {
            doubts.add("the file is of another case");
        }
        doubts.addAll(doubts(file.offence()));
        Fact fact = doubts.isEmpty() ? Fact.UPHELD : Fact.REFUTED;
        return new Found(
                new Finding(subject.key(), fact, Hash32.ZERO, 0, 0),
                new Evidence.Subject(subject.key(), fact, List.of(), doubts));
    }

    private List<String> doubts(Offence offence) throws IOException, InterruptedException {
        return switch (offence) {
            case Equivocation e -> equivocation(e);
            case Downtime e -> downtime(e);
            case Dispute e -> dispute(e);
            case FailedCanary e -> canary(e);
            case FalseResult e -> falseResult(e);
            case RefutedMatch e -> refutedMatch(e);
            case Counterfeit e -> verdict(e.round(), e.machine().toString(), Fact.COUNTERFEIT);
        };
    }

    private List<String> equivocation(Equivocation offence) throws IOException, InterruptedException {
        List<String> doubts = new ArrayList<>();
        if (!offence.contradicts()) {
            doubts.add("the two reports do not contradict each other");
        }
        RoundView round = http.get("/v1/rounds/" + offence.round(), RoundView.class);
        boolean sits = round.opened().committee().stream()
                .filter(seat -> seat.checker().equals(offence.accused().operator()))
                .map(Seat::attester)
                .anyMatch(offence.attester()::equals);
        if (!sits) {
            doubts.add(offence.attester() + " signs for nobody in " + offence.round());
        }
        for (SignedReport signed : List.of(offence.one(), offence.other())) {
            if (!ReportSignatures.isBy(offence.attester(), signed, terms.domain())) {
                doubts.add("a report is not signed by " + offence.attester());
            }
        }
        return doubts;
    }

    /** The dispute holds where what was paid for does not: its receipt, its signature, its stored outputs. */
    private List<String> dispute(Dispute offence) throws IOException, InterruptedException {
        Fact fact = deliveries.judge(offence.delivery()).finding().fact();
        return fact == Fact.NOT_DELIVERED ? List.of() : List.of("the delivery holds together: " + fact);
    }

    /** The plan and the receipt agree, and the report, which the accused signed, denies it. */
    private List<String> canary(FailedCanary offence) throws IOException, InterruptedException {
        List<String> doubts = new ArrayList<>();
        RoundView round = http.get("/v1/rounds/" + offence.round(), RoundView.class);
        boolean sits = round.opened().committee().stream()
                .anyMatch(seat -> seat.checker().equals(offence.accused().operator())
                        && seat.attester().equals(offence.attester()));
        if (!sits || !ReportSignatures.isBy(offence.attester(), offence.report(), terms.domain())) {
            doubts.add("the report is not signed by " + offence.attester() + " for the accused");
        }
        Plant plant = plant(offence.epoch(), offence.plant(), offence.lease(), doubts);
        Receipt receipt = receipt(offence.lease());
        if (plant == null || receipt == null || !CanaryGrade.holds(plant, receipt)) {
            doubts.add("plan and receipt do not agree");
            return doubts;
        }
        boolean foundByQuorum = round.verdicts().stream()
                .anyMatch(v -> v.subject().equals(offence.lease().toString())
                        && v.fact() == plant.fact()
                        && v.digest().equals(plant.digest()));
        boolean denies = offence.report().report().findings().stream()
                .filter(finding -> finding.subject().equals(offence.lease().toString()))
                .anyMatch(finding -> CanaryGrade.denies(finding, plant, receipt, foundByQuorum));
        if (!denies) {
            doubts.add("the report does not deny what was known");
        }
        return doubts;
    }

    private List<String> falseResult(FalseResult offence) throws IOException, InterruptedException {
        List<String> doubts = new ArrayList<>();
        Vetting vetting = CanaryOpening.vetting(terms.parameters());
        Witnesses witnesses = new Witnesses(http, offence);
        if (witnesses.isOfARerun()) {
            return vetting != null && witnesses.provesTheOdd(vetting)
                    ? doubts
                    : List.of(
                            "no two other owners' machines agree on another result of the order, or its image is not vetted");
        }
        Plant plant = plant(offence.epoch(), offence.plant(), offence.lease(), doubts);
        Receipt receipt = receipt(offence.lease());
        if (plant == null || receipt == null || !CanaryGrade.isFalse(plant, receipt)) {
            doubts.add("the receipt gives the known result, or none");
        }
        if (vetting != null && plant != null) {
            int groups = witnesses.groups(plant).size();
            if (!vetting.isOf(plant.spec().image()) || groups < vetting.witnesses()) {
                doubts.add("machines of " + groups + " other owners gave the known result, or the image is not vetted");
            }
        }
        return doubts;
    }

    /** The batch that the accused's key signed has the match, and the client's order does not cover it. */
    private List<String> refutedMatch(RefutedMatch offence) throws IOException, InterruptedException {
        List<String> doubts = new ArrayList<>();
        if (!offence.isProven()) {
            doubts.add("batch " + offence.proof().batch().seq() + " has no such match");
        }
        CheckerView accused = http.get("/v1/checkers/" + offence.accused().operator(), CheckerView.class);
        if (!offence.attester().equals(accused.attester()) || !BatchSignatures.isBy(offence, terms.domain())) {
            doubts.add("the batch is not signed by " + offence.attester() + " for the accused");
        }
        Refutation refutation = offence.refutation();
        TaskId task = refutation.task();
        JobView job = http.get("/v1/jobs/" + task.job(), JobView.class);
        if (!refutation.finding().bornBy(job.spec(), task, offence.proof().price())) {
            doubts.add("the order covers the match of " + task);
        }
        return doubts;
    }

    private @Nullable Plant plant(long epoch, int number, LeaseId lease, List<String> doubts)
            throws IOException, InterruptedException {
        CanaryView opened = http.get("/v1/canaries/" + epoch, CanaryView.class);
        CanaryPlan plan = opened.plan();
        if (plan == null
                || !Json.digest(plan).equals(opened.commitment())
                || number >= plan.plants().size()
                || !opened.orders().contains(new Ordered(number, lease.task()))) {
            doubts.add("no plan that was fixed before has this job");
            return null;
        }
        return plan.plants().get(number);
    }

    private @Nullable Receipt receipt(LeaseId lease) throws IOException, InterruptedException {
        return http.get("/v1/jobs/" + lease.task().job(), JobView.class).tasks().stream()
                .map(TaskView::receipt)
                .filter(receipt -> receipt != null && receipt.lease().equals(lease))
                .findFirst()
                .orElse(null);
    }

    private List<String> downtime(Downtime offence) throws IOException, InterruptedException {
        List<String> doubts = new ArrayList<>();
        if (offence.leases().isEmpty() || offence.rounds().isEmpty()) {
            doubts.add("no lease was lost, or no committee saw the machine away");
        }
        for (RoundId round : offence.rounds()) {
            doubts.addAll(verdict(round, offence.machine().toString(), Fact.OFFLINE));
        }
        return doubts;
    }

    private List<String> verdict(RoundId id, String subject, Fact wanted) throws IOException, InterruptedException {
        RoundView round = http.get("/v1/rounds/" + id, RoundView.class);
        boolean found = round.verdicts().stream()
                .filter(verdict -> verdict.subject().equals(subject))
                .map(Verdict::fact)
                .anyMatch(wanted::equals);
        return found ? List.of() : List.of("round " + id + " did not find " + subject + " " + wanted);
    }
}
