package io.athanor.agent.checker;

import io.athanor.codec.Json;
import io.athanor.domain.canary.CanaryGrade;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The runs that a false result's case names beside the accused's, each looked at again in the opened plan and its own receipt. */
final class Witnesses {
    private final CaseJudge.Files http;
    private final FalseResult offence;

    Witnesses(CaseJudge.Files http, FalseResult offence) {
        this.http = http;
        this.offence = offence;
    }

    /** Owner groups, without the accused's, whose machines gave the known result of the same order. */
    Set<String> groups(Plant plant) throws IOException, InterruptedException {
        CanaryView opened = opened();
        Set<String> groups = new HashSet<>();
        for (LeaseId lease : Objects.requireNonNullElse(offence.witnesses(), List.<LeaseId>of())) {
            Plant other = plantOf(opened, lease);
            TaskView task = task(lease);
            Receipt receipt = task == null ? null : task.receipt();
            Wallet provider = task == null ? null : task.provider();
            if (other != null
                    && receipt != null
                    && provider != null
                    && CanaryGrade.bearsWitness(other, receipt, plant)) {
                groups.add(group(provider));
            }
        }
        groups.remove(group(offence.accused().operator()));
        return groups;
    }

    /** Whether the case is of a client's delivery that ran again, and not of a known answer. */
    boolean isOfARerun() throws IOException, InterruptedException {
        CanaryPlan plan = opened().plan();
        return plan != null && offence.plant() >= plan.plants().size();
    }

    /** Whether two others, of three owners in all, agree on another result of the same order of a vetted image. */
    boolean provesTheOdd(Vetting vetting) throws IOException, InterruptedException {
        List<LeaseId> witnesses = Objects.requireNonNullElse(offence.witnesses(), List.of());
        Ran accused = ran(offence.lease());
        if (witnesses.size() != 2 || accused == null || !isTold(witnesses)) {
            return false;
        }
        Ran one = ran(witnesses.getFirst());
        Ran two = ran(witnesses.getLast());
        return one != null
                && two != null
                && new HashSet<>(List.of(accused.spec(), one.spec(), two.spec())).size() == 1
                && new HashSet<>(List.of(accused.group(), one.group(), two.group())).size() == 3
                && vetting.isOf(accused.spec().image())
                && one.result().equals(two.result())
                && !one.result().equals(accused.result());
    }

    private boolean isTold(List<LeaseId> witnesses) throws IOException, InterruptedException {
        CanaryView opened = opened();
        CanaryPlan plan = opened.plan();
        int item = plan == null ? -1 : offence.plant() - plan.plants().size();
        if (plan == null
                || !Json.digest(plan).equals(opened.commitment())
                || opened.reruns() == null
                || item >= opened.reruns().size()) {
            return false;
        }
        Rerun told = opened.reruns().get(item);
        Set<@Nullable TaskId> tasks = new HashSet<>(Arrays.asList(told.task(), told.first(), told.second()));
        Set<@Nullable TaskId> accusing = new HashSet<>(List.of(offence.lease().task()));
        witnesses.forEach(lease -> accusing.add(lease.task()));
        return tasks.equals(accusing);
    }

    private record Ran(JobSpec spec, String group, Hash32 result) {}

    /** Null unless it completed on somebody's machine. */
    private @Nullable Ran ran(LeaseId lease) throws IOException, InterruptedException {
        TaskView task = task(lease);
        Receipt receipt = task == null ? null : task.receipt();
        Wallet provider = task == null ? null : task.provider();
        if (receipt == null || provider == null || receipt.ending() != Ending.COMPLETED) {
            return null;
        }
        JobView job = http.get("/v1/jobs/" + lease.task().job(), JobView.class);
        return new Ran(job.spec(), group(provider), SlaVerdict.resultDigest(receipt));
    }

    private CanaryView opened() throws IOException, InterruptedException {
        return http.get("/v1/canaries/" + offence.epoch(), CanaryView.class);
    }

    private static @Nullable Plant plantOf(CanaryView opened, LeaseId lease) {
        CanaryPlan plan = opened.plan();
        return opened.orders().stream()
                .filter(order -> plan != null && lease.task().equals(order.task()))
                .map(Ordered::plant)
                .map(number -> Objects.requireNonNull(plan).plants().get(number))
                .findFirst()
                .orElse(null);
    }

    private @Nullable TaskView task(LeaseId lease) throws IOException, InterruptedException {
        return http.get("/v1/jobs/" + lease.task().job(), JobView.class).tasks().stream()
                .filter(task -> task.receipt() != null && task.receipt().lease().equals(lease))
                .findFirst()
                .orElse(null);
    }

    private String group(Wallet provider) throws IOException, InterruptedException {
        return http.get("/v1/providers/" + provider, ProviderView.class).ownerGroup();
    }
}
