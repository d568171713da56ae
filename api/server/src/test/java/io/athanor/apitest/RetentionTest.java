package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.api.retention.Sweeper;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.port.Sweep;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is too old is forgotten, and nothing else. */
@Tag("postgres")
class RetentionTest {
    private static Sweep sweep(String name) {
        return ApiNode.bean("io.athanor.api.retention." + name, Sweep.class);
    }

    @AfterEach
    void backToNow() {
        ApiNode.CLOCK.shift.set(Duration.ZERO);
    }

    @Test
    void refreshTokensAreForgottenOnceTheyHaveExpired() {
        String kept = Samples.tokens(Samples.key()).field("refreshToken");
        sweep("SignInSweep").run(Instant.now());
        String next =
                Client.post("/v1/auth/refresh", Map.of("refreshToken", kept)).field("refreshToken");
        long forgotten = sweep("SignInSweep").run(Instant.now().plus(Duration.ofDays(32)));
        assertThat(forgotten).isPositive();
        assertThat(Client.post("/v1/auth/refresh", Map.of("refreshToken", next)).code())
                .isEqualTo("NOT_SIGNED_IN");
        assertThat(sweep("SignInSweep").run(Instant.now().plus(Duration.ofDays(32))))
                .isZero();
    }

    @Test
    void filesAreForgottenUnlessAnOpenJobNeedsThem() {
        Secp256k1.KeyPair client = Samples.funded(20);
        String token = Samples.signIn(client);
        byte[] used = ("scene " + Samples.uuid()).getBytes(StandardCharsets.UTF_8);
        byte[] loose = ("loose " + Samples.uuid()).getBytes(StandardCharsets.UTF_8);
        for (byte[] file : java.util.List.of(used, loose)) {
            assertThat(Client.send("PUT", "/v1/blobs/" + Sha256.of(file), file, Client.bearer(token))
                            .status())
                    .isEqualTo(200);
        }
        TestAgent agent = TestAgent.online(1);
        Placed.certify(agent);
        JobSpec spec = Samples.withInput(Samples.spec(1), "scene.txt", used);
        Placed.onto(agent, client, spec);
        agent.next(io.athanor.domain.wire.AgentProtocol.AgentOrder.Start.class);

        sweep("FileSweep").run(Instant.now().plus(Duration.ofDays(89)));
        assertThat(get(loose, token).body()).isEqualTo(loose);
        assertThat(sweep("FileSweep").run(Instant.now().plus(Duration.ofDays(91))))
                .isPositive();
        assertThat(get(used, token).body()).isEqualTo(used);
        assertThat(get(loose, token).code()).isEqualTo("NOT_FOUND");
        assertThat(Client.send("PUT", "/v1/blobs/" + Sha256.of(loose), loose, Client.bearer(token))
                        .status())
                .isEqualTo(200);
        assertThat(get(loose, token).body()).isEqualTo(loose);
    }

    private static Client.Answer get(byte[] file, String token) {
        return Client.send("GET", "/v1/blobs/" + Sha256.of(file), new byte[0], Client.bearer(token));
    }

    /** Whoever comes first does it for all nodes. */
    @Test
    void eachSweepRunsOnceAnHour() {
        Sweeper sweeper = ApiNode.bean("io.athanor.api.retention.Sweeper", Sweeper.class);
        ApiNode.CLOCK.shift.set(Duration.ofHours(2));
        assertThat(sweeper.tick()).contains("sign-ins", "files");
        ApiNode.CLOCK.shift.set(Duration.ofHours(2).plusMinutes(59));
        assertThat(sweeper.tick()).isEmpty();
        ApiNode.CLOCK.shift.set(Duration.ofHours(3).plusMinutes(1));
        assertThat(sweeper.tick()).contains("sign-ins", "files");
    }
}
