package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.TopUpJob;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Extend;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A higher cap, from the client's door to the machine. */
@Tag("postgres")
class TopUpApiTest {
    @Test
    void theClientsHigherCapReachesTheMachineAndNobodyElsesDoes() {
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        Secp256k1.KeyPair client = Samples.funded(20);
        LeaseId lease = Placed.onto(agent, client, Samples.hour());
        Start start = agent.next(Start.class);
        JobId job = lease.task().job();
        String path = "/v1/jobs/" + job + "/top-up";
        Ath cap = start.spec().cap().times(2);
        assertThat(Client.post(path, Samples.topUp(Samples.funded(20), job, cap))
                        .code())
                .isEqualTo("NOT_ALLOWED");
        assertThat(Client.post(path, Samples.topUp(client, job, Ath.ofWei(1))).code())
                .isEqualTo("CAP_TOO_LOW");
        assertThat(Client.post(path, Samples.topUp(client, job, Ath.ofWhole(1_000)))
                        .code())
                .isEqualTo("INSUFFICIENT_FUNDS");
        TopUpJob order = Samples.topUp(client, job, cap);
        assertThat(Client.post(path, order).status()).isEqualTo(202);
        Extend extended = agent.next(Extend.class);
        assertThat(extended.lease()).isEqualTo(lease);
        assertThat(extended.paidUntilMillis()).isGreaterThan(start.paidUntilMillis());
        assertThat(Client.post(path, order).status()).as("a repeat").isEqualTo(202);
        assertThat(Client.post("/v1/jobs", Samples.submit(client, job, start.spec()))
                        .status())
                .as("the order as it was first signed, under another command id")
                .isEqualTo(202);
        assertThat(Client.post(
                                "/v1/jobs",
                                Samples.submit(client, job, start.spec().withCap(cap)))
                        .code())
                .as("an order that was never signed")
                .isEqualTo("ID_TAKEN");
    }
}
