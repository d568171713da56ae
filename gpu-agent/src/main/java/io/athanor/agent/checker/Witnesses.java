package io.athanor.agent.checker;

import io.athanor.domain.canary.CanaryGrade;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
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
        CanaryView opened = http.get("/v1/canaries/" + offence.epoch(), CanaryView.class);
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
