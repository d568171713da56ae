package io.athanor.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Under which names a wallet signs in. */
class ApiSettingsTest {
    private final ApiSettings plain = ApiSettings.of(Path.of("key"));
    private final ApiSettings named = new ApiSettings(Path.of("key"), Set.of(), Set.of("athanor.example"), 1, 1);

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8480", "127.0.0.1:8480", "[::1]:8480", "localhost"})
    void onLoopbackTheRequestsOwnNameIsOurs(String host) {
        assertThat(plain.isOurs(host, host)).isTrue();
        assertThat(plain.isOurs(host, "elsewhere:1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"phish.example", "localhost.phish.example", "127.0.0.1.phish.example:80", "10.0.0.1:8480"})
    void anyOtherNameHasToBeConfigured(String host) {
        assertThat(plain.isOurs(host, host)).isFalse();
    }

    @Test
    void aConfiguredNameIsOursByWhateverNameTheRequestCame() {
        assertThat(named.isOurs("athanor.example", "10.0.0.1:8480")).isTrue();
        assertThat(named.isOurs("phish.example", "phish.example")).isFalse();
        assertThat(named.isOurs("127.0.0.1:8480", "127.0.0.1:8480")).isFalse();
    }
}
