package io.athanor.domain.canary;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.canary.CanaryGrade.Run;
import io.athanor.domain.canary.CanaryOpening.Facts;
import io.athanor.domain.canary.CanaryOpening.Window;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.protocol.ProtocolParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the deliveries that ran again say of the machines that ran them.
 *
 * <p>Invariant: accused is only the one whose result differs from two that agree, all three of different owners and of a vetted
 * image; nobody's word is needed, the shopper's neither. Where all three differ the image is not what it was vetted for.
 */
final class RerunGrade {
    /** A machine that fails what others complete has not delivered it, where two of them agree on the result. */
    private static final int AGREE = 2;

    private final CanaryPlan plan;
    private final Window window;
    private final Facts facts;
    private final ProtocolParameters parameters;
    private final Vetting vetting;
    private Ath cost = Ath.ZERO;
    private final List<Offence> offences = new ArrayList<>();
    private final List<Undelivered> undelivered = new ArrayList<>();
    private final Set<Sha256> irreproducible = new TreeSet<>();

    RerunGrade(CanaryPlan plan, Window window, Facts facts, ProtocolParameters parameters, Vetting vetting) {
        this.plan = plan;
        this.window = window;
        this.facts = facts;
        this.parameters = parameters;
        this.vetting = vetting;
    }

    /** What known answers and re-runs come to together. Error: {@link Refused} where what is told is not what was drawn. */
    CanaryOpening with(CanaryOpening known, List<Rerun> told) {
        List<CanaryTask> sample =
                RerunDraw.sample(plan, window, facts.deliveries().get(), vetting);
        List<TaskId> drawn =
                sample.stream().map(task -> task.submitted().task()).toList();
        Refused.unless(
                drawn.equals(told.stream().map(Rerun::task).toList()),
                Reason.INVALID_SPEC,
                "drawn to run again were " + drawn);
        Refused.unless(
                2 * told.size() <= plan.wallets().size(),
                Reason.INVALID_SPEC,
                "the plan has no wallets for " + told.size() + " re-runs");
        for (int i = 0; i < plan.wallets().size(); i++) {
            Rerun rerun = i / 2 < told.size() ? told.get(i / 2) : null;
            TaskId task = rerun == null ? null : i % 2 == 0 ? rerun.first() : rerun.second();
            CanaryOpening.requireAlone(plan.wallets().get(i), task, facts);
        }
        for (int i = 0; i < told.size(); i++) {
            grade(i, sample.get(i), told.get(i));
        }
        return sum(known);
    }

    private CanaryOpening sum(CanaryOpening known) {
        List<Offence> all = new ArrayList<>(known.offences());
        all.addAll(offences);
        List<Undelivered> missing = new ArrayList<>(Objects.requireNonNullElse(known.undelivered(), List.of()));
        missing.addAll(undelivered);
        return new CanaryOpening(known.cost().plus(cost), all, missing, List.copyOf(irreproducible));
    }

    private void grade(int item, CanaryTask drawn, Rerun told) {
        Run original = Objects.requireNonNull(run(item, drawn, drawn), "what is drawn has a receipt");
        Run first = ran(item, drawn, told.first());
        Run second = ran(item, drawn, told.second());
        told.require(first == null || !agrees(original, first));
        List<Run> all = new ArrayList<>(List.of(original));
        if (first != null) {
            all.add(first);
        }
        if (second != null) {
            all.add(second);
        }
        compare(all, drawn.submitted().spec());
    }

    private void compare(List<Run> all, JobSpec spec) {
        undelivered.addAll(CanaryGrade.undelivered(
                all, new Vetting(vetting.images(), AGREE, vetting.rerunPpm(), vetting.reruns())));
        List<Run> ended = all.stream()
                .filter(run -> run.receipt().ending() == Ending.COMPLETED
                        && !run.group().isEmpty())
                .toList();
        long groups = ended.stream().map(Run::group).distinct().count();
        if (ended.size() != AGREE + 1 || groups != ended.size()) {
            return;
        }
        Set<Hash32> results = ended.stream().map(RerunGrade::result).collect(Collectors.toSet());
        if (results.size() == ended.size()) {
            irreproducible.add(Sha256.parse(spec.image().substring(spec.image().indexOf('@') + 1)));
        } else if (results.size() == AGREE) {
            accuseTheOdd(ended);
        }
    }

    private void accuseTheOdd(List<Run> ended) {
        for (Run run : ended) {
            List<Run> others =
                    ended.stream().filter(other -> !other.equals(run)).toList();
            if (others.stream().noneMatch(other -> result(other).equals(result(run)))) {
                offences.addAll(CanaryGrade.accusing(
                        run, others.stream().map(Run::lease).toList(), parameters));
            }
        }
    }

    private static Hash32 result(Run run) {
        return SlaVerdict.resultDigest(run.receipt());
    }

    private static boolean agrees(Run one, Run other) {
        return !one.group().equals(other.group()) && CanaryGrade.holds(one.plant(), other.receipt());
    }

    /** Null where it was not ordered, or no container ran. */
    private @Nullable Run ran(int item, CanaryTask drawn, @Nullable TaskId id) {
        if (id == null) {
            return null;
        }
        CanaryTask task = facts.tasks().apply(id);
        Refused.unless(
                task.submitted().spec().equals(drawn.submitted().spec()),
                Reason.INVALID_SPEC,
                id + " is not the order of " + drawn.submitted().task());
        Refused.unless(
                !task.submitted().at().isBefore(window.endsAt()),
                Reason.INVALID_SPEC,
                id + " was ordered before the epoch of the draw was over");
        Refused.unless(task.assessment() != null, Reason.WRONG_STATE, id + " is not settled yet");
        cost = cost.plus(task.cost());
        return run(item, drawn, task);
    }

    /** What the drawn one gave stands for what is known. */
    private @Nullable Run run(int item, CanaryTask drawn, CanaryTask task) {
        Receipt known = Objects.requireNonNull(drawn.receipt());
        Wallet client = task.submitted().client();
        Plant plant = new Plant(client, drawn.submitted().spec(), Fact.DELIVERED, SlaVerdict.resultDigest(known));
        return CanaryOpening.run(plan.epoch(), plan.plants().size() + item, plant, task, facts);
    }
}
