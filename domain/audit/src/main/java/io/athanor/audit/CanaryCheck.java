package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.CanariesCredited;
import io.athanor.domain.canary.CanaryOpening;
import io.athanor.domain.canary.CanaryOpening.Facts;
import io.athanor.domain.canary.CanaryOpening.Window;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryTask;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.Accountability.Canaries;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds every opened plan of the mystery shopper against the history: it was fixed before its seed's block, each job came from
 * its own wallet at the moment that seed and block name, all of them are told, what they cost and no more is paid back, and
 * exactly those have a case who failed.
 */
final class CanaryCheck implements Check {
    private final Map<TaskId, CanaryTask> tasks = new HashMap<>();
    /** What each wallet has ordered so far: a canary's wallet orders nothing else. */
    private final Map<Wallet, Set<JobId>> ordered = new HashMap<>();

    private final Map<CaseId, Offence> due = new LinkedHashMap<>();
    private @Nullable CanariesOpened paying;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case JobEvent e -> task(e);
            case CanariesCommitted e -> committed(before, e, problem);
            case CanariesOpened e -> opened(before, e, problem);
            case CanariesCredited e -> credited(e, problem);
            case CaseOpened e -> caseOpened(e, problem);
            default -> {
                // No part of a canary.
            }
        }
        boolean sameOrder =
                event instanceof CanariesOpened || event instanceof CanariesCredited || event instanceof CaseOpened;
        if (!sameOrder) {
            complete(problem);
        }
    }

    private void task(JobEvent event) {
        if (event instanceof JobSubmitted e) {
            ordered.computeIfAbsent(e.client(), wallet -> new HashSet<>())
                    .add(e.task().job());
        }
        tasks.compute(event.task(), (id, task) -> CanaryTask.after(task, event));
    }

    private static void committed(World before, CanariesCommitted e, Consumer<String> problem) {
        if (before.epochs.containsKey(e.epoch() - 1)) {
            problem.accept("the epoch before the plan's had opened");
        }
    }

    private void opened(World before, CanariesOpened e, Consumer<String> problem) {
        CanaryPlan plan = e.plan();
        EpochOpened epoch = before.epoch(plan.epoch()).opened();
        if (epoch == null || !before.epochs.containsKey(plan.epoch() + 1)) {
            problem.accept("epoch " + plan.epoch() + " is not over");
            return;
        }
        ProtocolParameters parameters = before.protocol.current().parameters();
        paying = e;
        silent(plan, e, problem);
        Facts facts = new Facts(
                this::task,
                () -> List.copyOf(tasks.values()),
                before::machine,
                wallet -> group(before, wallet),
                before::round,
                this::orderedBy,
                checker -> earlier(before, checker, e, parameters));
        Window window = new Window(epoch.startsAt(), epoch.endsAt(), epoch.blockHash());
        CanaryOpening opening = CanaryOpening.of(plan, e.orders(), e.reruns(), window, facts, parameters);
        if (!Objects.equals(opening.irreproducible(), e.irreproducible())) {
            problem.accept("not reproducible are " + opening.irreproducible() + ", and told are " + e.irreproducible());
        }
        opening.offences().forEach(offence -> due.put(offence.caseId(), offence));
        if (!Objects.equals(opening.undelivered(), e.undelivered())) {
            problem.accept("not delivered was " + opening.undelivered() + ", and told is " + e.undelivered());
        }
        Canaries rules = parameters.accountable().canaries();
        Ath most = rules == null ? Ath.ZERO : rules.budget().min(opening.cost());
        if (!most.covers(e.paid())) {
            problem.accept("the jobs cost " + opening.cost() + ", and at most " + most + " comes back");
        }
    }

    private CanaryTask task(TaskId id) {
        CanaryTask task = tasks.get(id);
        if (task == null || orderedBy(task.submitted().client()).size() != 1) {
            throw new Refused(Reason.NOT_FOUND, "no wallet ordered " + id + " and nothing else");
        }
        return task;
    }

    private Set<JobId> orderedBy(Wallet wallet) {
        return ordered.getOrDefault(wallet, Set.of());
    }

    private static String group(World before, Wallet provider) {
        return before.providers.getOrDefault(provider, Provider.EMPTY).ownerGroup();
    }

    private void silent(CanaryPlan plan, CanariesOpened e, Consumer<String> problem) {
        for (int i = 0; i < plan.plants().size(); i++) {
            int number = i;
            Wallet client = plan.plants().get(i).client();
            boolean told = e.orders().stream().anyMatch(order -> order.plant() == number && order.task() != null);
            if (!told && !orderedBy(client).isEmpty()) {
                problem.accept("what " + client + " ordered is not told");
            }
        }
    }

    private static int earlier(World before, Wallet checker, CanariesOpened e, ProtocolParameters parameters) {
        var from = PenaltyPolicy.canariesFrom(e.at(), parameters);
        return (int) before.cases.values().stream()
                .filter(known -> known.stage() != PenaltyCase.Stage.DISMISSED)
                .map(PenaltyCase::known)
                .filter(file -> file.offence() instanceof FailedCanary
                        && file.offence().accused().equals(PoolId.ofChecker(checker))
                        && !file.at().isBefore(from))
                .count();
    }

    private void credited(CanariesCredited e, Consumer<String> problem) {
        CanariesOpened open = paying;
        paying = null;
        boolean owed = open != null
                && open.authorization().wallet().equals(e.wallet())
                && open.plan().epoch() == e.epoch()
                && open.paid().equals(e.amount());
        if (!owed) {
            problem.accept("no opened plan pays this");
        }
    }

    private void caseOpened(CaseOpened e, Consumer<String> problem) {
        if (e.offence() instanceof FailedCanary || e.offence() instanceof FalseResult) {
            Offence found = due.remove(e.id());
            if (found == null || !isSame(found, e.offence())) {
                problem.accept("the opened plans do not show this: " + found);
            }
        }
    }

    /** Fewer earlier failures than there were may be counted, never more. */
    private static boolean isSame(Offence found, Offence told) {
        if (found instanceof FailedCanary f && told instanceof FailedCanary t) {
            return f.report().equals(t.report())
                    && f.attester().equals(t.attester())
                    && f.lease().equals(t.lease())
                    && f.epoch() == t.epoch()
                    && f.plant() == t.plant()
                    && f.since().equals(t.since())
                    && t.earlier() <= f.earlier();
        }
        if (found instanceof FalseResult f && told instanceof FalseResult t && t.machine() == null) {
            return f.withoutMachine().equals(t);
        }
        return found.equals(told);
    }

    /** Once the opening's order is over nothing of it may be missing. */
    private void complete(Consumer<String> problem) {
        CanariesOpened open = paying;
        if (open != null && !open.paid().isZero()) {
            problem.accept("the plan of epoch " + open.plan().epoch() + " was opened and not paid");
        }
        paying = null;
        due.values().forEach(offence -> problem.accept("nobody opened the case of " + offence.name()));
        due.clear();
    }
}
