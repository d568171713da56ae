package io.athanor.apitest;

import io.athanor.api.command.SubmitJob;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.JobCommand.AssignJob;
import io.athanor.domain.job.JobCommand.RequeueJob;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.machine.MachineCommand.CertifyMachine;
import io.athanor.domain.machine.MachineCommand.OpenInspection;
import io.athanor.domain.machine.MachineCommand.ReserveGpus;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.port.Commands.Order;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the placement router does, by hand: jobs that a machine holds. */
final class Placed {
    private Placed() {}

    /** Makes the machine ready for reservations. */
    static void certify(TestAgent agent) {
        RoundId round = new RoundId(0, RoundId.Kind.ONBOARDING, agent.machine.hashCode() & 0xFFFF, 0);
        Instant now = Instant.now();
        ApiNode.NETWORK
                .send(Order.inside(
                        "saga:test",
                        null,
                        List.of(
                                new OpenInspection(agent.machine, round, now),
                                new CertifyMachine(agent.machine, round, 1_000_000, now))))
                .join();
        Client.Answer offer = Client.post(
                "/v1/machines/" + agent.machine + "/offer",
                Samples.offer(agent.provider, agent.machine, Ath.parse("1000000000000")));
        if (offer.status() != 202) {
            throw new AssertionError(offer.text());
        }
    }

    /** Submits a job of one task over HTTP and assigns it to the agent's machine. */
    static LeaseId onto(TestAgent agent, Secp256k1.KeyPair client) {
        return onto(agent, client, Samples.spec(1));
    }

    static LeaseId onto(TestAgent agent, Secp256k1.KeyPair client, JobSpec spec) {
        SubmitJob order = Samples.submit(client, spec);
        Client.Answer answer = Client.post("/v1/jobs", order);
        if (answer.status() != 202) {
            throw new AssertionError(answer.text());
        }
        return assign(agent, order.jobId().task(0), 1, 0);
    }

    static LeaseId assign(TestAgent agent, TaskId task, int fence, int gpu) {
        LeaseId lease = task.lease(fence);
        Instant now = Instant.now();
        List<String> gpus = List.of(agent.inventory.gpus().get(gpu).uuid());
        Lease agreed = new Lease(
                lease,
                agent.machine,
                Samples.wallet(agent.provider),
                gpus,
                Ath.parse("1000000000000"),
                now.plusSeconds(60),
                new Lease.Agreement(990_000, 60_000, 1),
                true);
        PlacementDecision decision = new PlacementDecision(agent.machine, 1, Map.of(), List.of(), 1, 1, 1);
        ApiNode.NETWORK
                .send(Order.inside(
                        "saga:test",
                        null,
                        List.of(
                                new ReserveGpus(agent.machine, lease, gpus, now),
                                new AssignJob(task, decision, agreed, now))))
                .join();
        return lease;
    }

    static void requeue(TaskId task) {
        ApiNode.NETWORK
                .send(Order.inside("saga:test", null, new RequeueJob(task, 5, Instant.now())))
                .join();
    }
}
