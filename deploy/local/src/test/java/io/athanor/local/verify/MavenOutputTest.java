package io.athanor.local.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MavenOutputTest {

    private final MavenOutput output = new MavenOutput();

    private void lines(int seconds, String... lines) {
        for (String line : lines) {
            output.accept(line, Duration.ofSeconds(seconds));
        }
    }

    @Test
    void timeBelongsToTheModuleAtWork() {
        lines(
                1,
                "[INFO] Scanning for projects...",
                "[INFO] --- maven-compiler-plugin:3.16.0:compile (default-compile) @ athanor-domain ---",
                "[INFO] --- maven-surefire-plugin:3.6.1:test (default-test) @ athanor-domain ---",
                "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in io.athanor.A",
                "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0",
                "[INFO] --- failsafe:3.6.1:integration-test (default) @ athanor-local ---",
                "[INFO] --- surefire:3.6.1:test (default-test) @ athanor-e2e ---",
                "[INFO] BUILD SUCCESS");

        assertThat(output.time(Stage.MODULES)).isEqualTo(Duration.ofSeconds(7));
        assertThat(output.time(Stage.END_TO_END)).isEqualTo(Duration.ofSeconds(1));
        assertThat(output.time(Stage.DOWNLOADS)).isZero();
    }

    @Test
    void downloadsAreCountedApartAndNotShown() {
        assertThat(output.accept("[INFO] Downloading from central: https://x/a.jar", Duration.ofSeconds(1)))
                .isFalse();
        assertThat(output.accept("[INFO] Downloaded from central: https://x/a.jar (1 kB)", Duration.ofSeconds(4)))
                .isFalse();
        assertThat(output.accept("[INFO] BUILD SUCCESS", Duration.ofSeconds(2))).isTrue();

        assertThat(output.time(Stage.DOWNLOADS)).isEqualTo(Duration.ofSeconds(5));
        assertThat(output.time(Stage.MODULES)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void modulesAreSummedUpInSurefiresForm() {
        lines(
                0,
                "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0",
                "[ERROR] Tests run: 5, Failures: 1, Errors: 2, Skipped: 0",
                "[WARNING] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Flakes: 1",
                "[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in io.athanor.A");

        assertThat(output.tests()).isEqualTo(10);
        assertThat(output.summary()).isEqualTo("Tests run: 10, Failures: 1, Errors: 2, Skipped: 0, Flakes: 1");
    }
}
