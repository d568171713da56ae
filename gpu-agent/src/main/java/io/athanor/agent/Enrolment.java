package io.athanor.agent;

import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.gpu.GpuDesk;
import io.athanor.agent.nvml.GpuSource;
import io.athanor.agent.server.RequestSigner;
import io.athanor.agent.server.ServerClock;
import io.athanor.agent.server.SignedHttp;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.wire.AgentProtocol.Enroll;
import io.athanor.domain.wire.AgentProtocol.Enrolled;
import java.io.IOException;

/** Joins a machine to the network. Doing it again with the same token and key is the same enrolment. */
public final class Enrolment {
    private Enrolment() {}

    /**
     * Sends what the machine is and who authorised its key.
     *
     * @throws io.athanor.agent.server.ServerRefusal with the network's reason
     */
    public static Enrolled send(AgentSettings settings, String token, Authorization authorization)
            throws IOException, InterruptedException {
        Identity identity = Identity.of(settings.data());
        try (GpuSource gpus = settings.gpus(identity);
                DockerEngine engine = Agent.connect(settings, identity);
                SignedHttp http = new SignedHttp(
                        settings.server(),
                        RequestSigner.device(identity.machine(), identity.key()),
                        new ServerClock())) {
            Inventory inventory = Machine.inventory(
                    identity,
                    new GpuDesk(gpus),
                    settings.region(),
                    engine.facts().version(),
                    settings.data());
            return http.post(
                    "/agent/v1/enroll",
                    new Enroll(token, identity.machine(), identity.agentKey(), inventory, authorization),
                    Enrolled.class);
        }
    }
}
