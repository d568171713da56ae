package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.command.RetireMachine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.stake.StakePool;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an offer commits of its provider's stake, over HTTP. */
class OfferStakeTest {
    private static final Ath PRICE = Ath.parse("1000000000000");

    private static Ath committed(TestAgent agent) {
        PoolId pool = PoolId.ofProvider(Samples.wallet(agent.provider));
        StakePool state = ApiNode.NETWORK.state(StreamId.of(StreamId.POOL, pool), StakePool.class);
        return Objects.requireNonNull(state).own().required();
    }

    private static Client.Answer offer(TestAgent agent) {
        return Client.post(
                "/v1/machines/" + agent.machine + "/offer", Samples.offer(agent.provider, agent.machine, PRICE));
    }

    @Test
    void anOfferNeedsItsStakeAndRetiringLetsGoOfIt() {
        TestAgent agent = TestAgent.online(2);
        assertThat(offer(agent).status()).isEqualTo(202);
        assertThat(committed(agent)).isEqualTo(Ath.ofWhole(25_000));

        // The same provider's second machine finds nothing left, until more is bonded.
        TestAgent second = agent.another(1);
        Client.Answer refused = offer(second);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("STAKE_TOO_LOW");
        assertThat(refused.text()).contains("37500 ATH", "Bond the missing stake");
        assertThat(committed(agent)).isEqualTo(Ath.ofWhole(25_000));
        Samples.bond(Samples.wallet(agent.provider), 12_500);
        assertThat(offer(second).status()).isEqualTo(202);
        assertThat(committed(agent)).isEqualTo(Ath.ofWhole(37_500));

        MemoryViews.OBLIGATIONS.put(agent.machine, "case 7 is open");
        Client.Answer owing = retire(agent);
        assertThat(owing.code()).isEqualTo("WRONG_STATE");
        assertThat(owing.text()).contains("case 7 is open", "Retire it when that is over");
        assertThat(committed(agent)).isEqualTo(Ath.ofWhole(37_500));
        MemoryViews.OBLIGATIONS.remove(agent.machine);
        Client.Answer retired = retire(agent);
        assertThat(retired.status()).as(retired.text()).isEqualTo(202);
        assertThat(committed(agent)).isEqualTo(Ath.ofWhole(12_500));
    }

    private static Client.Answer retire(TestAgent agent) {
        Authorization signed =
                Samples.authorize(agent.provider, (id, until) -> TypedCommands.retireMachine(agent.machine, id, until));
        return Client.post("/v1/machines/" + agent.machine + "/retire", new RetireMachine(agent.machine, signed, null));
    }
}
