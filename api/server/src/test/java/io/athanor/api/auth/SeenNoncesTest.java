package io.athanor.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SeenNoncesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aNonceCountsOnceForEachDeviceWithinItsTime() {
        SeenNonces nonces = new SeenNonces();
        assertThat(nonces.isFirst("a", "n", START)).isTrue();
        assertThat(nonces.isFirst("a", "n", START.plusSeconds(59))).isFalse();
        assertThat(nonces.isFirst("b", "n", START)).isTrue();
        assertThat(nonces.isFirst("a", "n", START.plusSeconds(61))).isFalse();
        assertThat(nonces.isFirst("a", "n", START.plusSeconds(200))).isTrue();
    }
}
