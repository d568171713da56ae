package io.athanor.command.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.command.Samples;
import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountEvent;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.Test;

class CatalogueSerializerTest {
    private final CatalogueSerializer serializer = new CatalogueSerializer(Map.of());

    private <T> T roundTrip(T value) {
        return serializer.deserialize(serializer.serialize(value, byte[].class));
    }

    @Test
    void anEventLiesUnderItsNameAndRevisionInOurJson() {
        AccountEvent event =
                Account.EMPTY.decide(Samples.deposit(Samples.wallet(), 1, 1)).getFirst();
        SerializedObject<byte[]> stored = serializer.serialize(event, byte[].class);
        assertThat(stored.getType().getName()).isEqualTo("account.DepositCredited");
        assertThat(stored.getType().getRevision()).isEqualTo("1");
        assertThat(new String(stored.getData(), UTF_8)).contains("\"at\":\"2026-01-02T03:04:05.000Z\"");
        assertThat(roundTrip(event)).isEqualTo(event);
    }

    @Test
    void aNameOfANewerProgramIsAnErrorAndNotSkipped() {
        SerializedObject<byte[]> unknown =
                new SimpleSerializedObject<>("{}".getBytes(UTF_8), byte[].class, "job.Teleported", "1");
        assertThatThrownBy(() -> serializer.deserialize(unknown))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("job.Teleported");
    }

    @Test
    void tokensAndMetadataComeBackAsTheyWere() {
        TrackingToken token = GapAwareTrackingToken.newInstance(9, List.of(3L, 5L));
        assertThat(roundTrip(token)).isEqualTo(token);
        TrackingToken replay = ReplayToken.createReplayToken(token, null);
        assertThat(roundTrip(replay)).isEqualTo(replay);
        assertThat(roundTrip(MetaData.with("actor", "chain"))).isEqualTo(MetaData.with("actor", "chain"));
    }
}
