package io.athanor.agent.docker;

import io.athanor.domain.common.LeaseId;
import java.util.HashMap;
import java.util.Map;

/** The labels by which an agent recognises its own containers after a restart. */
final class Labels {
    static final String MANAGED = "io.athanor.managed";
    static final String NODE = "io.athanor.node";
    static final String LEASE = "io.athanor.lease";
    static final String FENCE = "io.athanor.fence";
    static final String SPEC = "io.athanor.spec";
    static final String DEADLINE = "io.athanor.deadline";

    private Labels() {}

    static Map<String, String> of(ContainerPlan plan, Map<String, String> extra) {
        Map<String, String> labels = new HashMap<>(extra);
        labels.putAll(ofNode(plan.node()));
        labels.put(LEASE, plan.lease().toString());
        labels.put(FENCE, Integer.toString(plan.lease().fence()));
        labels.put(SPEC, plan.specHash());
        labels.put(DEADLINE, plan.deadline().toString());
        return labels;
    }

    static Map<String, String> ofNode(String node) {
        return Map.of(MANAGED, "true", NODE, node);
    }

    static LeaseId leaseOf(Map<String, String> labels) {
        return LeaseId.parse(labels.getOrDefault(LEASE, ""));
    }
}
