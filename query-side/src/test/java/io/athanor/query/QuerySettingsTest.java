package io.athanor.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class QuerySettingsTest {
    @Test
    void filesLieBelowTheDataFolder() {
        QuerySettings settings = settings(Map.of("athanor.data", "/var/lib/athanor"));
        assertThat(settings.blobs()).isEqualTo(Path.of("/var/lib/athanor/blobs"));
        assertThat(settings.logs()).isEqualTo(Path.of("/var/lib/athanor/logs"));
        assertThat(settings.blobQuotaBytes()).isEqualTo(107_374_182_400L);
        assertThat(settings(Map.of()).blobs()).isEqualTo(Path.of(".athanor/blobs"));
    }

    @Test
    void blobsMayLieElsewhereAndHaveAnotherQuotaAndReserve() {
        QuerySettings settings = settings(Map.of(
                "athanor.data",
                "/data",
                "athanor.blobs.dir",
                "/big/blobs",
                "athanor.blobs.quota-bytes",
                "5",
                "athanor.blobs.reserve-percent",
                "40"));
        assertThat(settings).isEqualTo(new QuerySettings(Path.of("/big/blobs"), Path.of("/data/logs"), 5, 40));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(Map.of("athanor.blobs.reserve-percent", "101")));
    }

    private static QuerySettings settings(Map<String, Object> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        return new QuerySideConfiguration().querySettings(environment);
    }
}
