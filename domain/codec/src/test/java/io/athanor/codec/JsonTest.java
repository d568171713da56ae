package io.athanor.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final JobId JOB = new JobId(new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0001L));

    @Test
    void writesTextValuesAsStringsAndInstantsInMilliseconds() {
        JobFunded event = new JobFunded(JOB.task(2), Ath.ofWei(5), Instant.parse("2026-01-02T03:04:05.678901Z"));
        assertThat(Json.text(event))
                .isEqualTo("{\"at\":\"2026-01-02T03:04:05.678Z\",\"held\":\"5\",\"task\":\"" + JOB + ".2\"}");
    }

    @Test
    void readsBackWhatItWrites() {
        JobFunded event = new JobFunded(JOB.task(2), Ath.ofWhole(5), Instant.parse("2026-01-02T03:04:05.678Z"));
        assertThat(Json.read(Json.bytes(event), JobFunded.class)).isEqualTo(event);
    }

    @Test
    void nestedFamiliesCarryTheirType() {
        Subject subject = new Subject.MachineSubject(new MachineId(JOB.value()), Wallet.ZERO, "0x00");
        String json = Json.text(subject);
        assertThat(json).contains("\"type\":\"MachineSubject\"");
        assertThat(Json.read(json, Subject.class)).isEqualTo(subject);
        AgentOrder order = new AgentOrder.Forget(new LeaseId(JOB.task(0), 1));
        assertThat(Json.read(Json.text(order), AgentOrder.class)).isEqualTo(order);
    }

    @Test
    void strictReadingNamesTheFieldAndTheTolerantOneGoesOn() {
        String json = "{\"at\":\"2026-01-02T03:04:05.678Z\",\"held\":\"5\",\"task\":\"" + JOB + ".2\",\"colour\":1}";
        assertThat(Json.read(json, JobFunded.class).held()).isEqualTo(Ath.ofWei(5));
        assertThatThrownBy(() -> Json.readStrict(json.getBytes(StandardCharsets.UTF_8), JobFunded.class))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_FIELD);
                    assertThat(refused.detail()).contains("colour");
                });
    }

    @Test
    void equalSetsHaveEqualBytes() {
        Set<Region> one = new LinkedHashSet<>(List.of(new Region("us-east"), new Region("eu-west")));
        Set<Region> other = new LinkedHashSet<>(List.of(new Region("eu-west"), new Region("us-east")));
        assertThat(Json.text(one)).isEqualTo(Json.text(other)).isEqualTo("[\"eu-west\",\"us-east\"]");
    }

    @Test
    void anAmountMustBeAString() {
        String json = "{\"at\":\"2026-01-02T03:04:05.678Z\",\"held\":5,\"task\":\"" + JOB + ".2\"}";
        assertThatThrownBy(() -> Json.readStrict(json.getBytes(StandardCharsets.UTF_8), JobFunded.class))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.detail()).contains("held"));
    }

    @Test
    void canonicalFormSortsAndEscapesByRfc8785() {
        byte[] canonical = Json.canonical(Map.of("\u20ac", "\u000f\n", "b", 10, "a", java.util.List.of(true, "\"")));
        assertThat(new String(canonical, StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":[true,\"\\\"\"],\"b\":10,\"\u20ac\":\"\\u000f\\n\"}");
    }

    @Test
    void strictReadingMissesARequiredFieldAndNotANullableOne() {
        String json = "{\"bytes\":3,\"digest\":null}";
        assertThatThrownBy(() -> Json.readStrict(
                        json.getBytes(StandardCharsets.UTF_8), io.athanor.domain.job.JobSpec.Input.class))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.MALFORMED);
                    assertThat(refused.detail()).contains("digest");
                });
        byte[] noModel = "{\"count\":1,\"minMemoryMib\":0,\"allowSimulated\":true}".getBytes(StandardCharsets.UTF_8);
        assertThat(Json.readStrict(noModel, io.athanor.domain.job.JobSpec.GpuDemand.class)
                        .model())
                .isNull();
        byte[] absent = "{\"bytes\":3}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Json.readStrict(absent, io.athanor.domain.job.JobSpec.Input.class))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.detail()).contains("digest"));
    }
}
