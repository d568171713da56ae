package io.athanor.local.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.local.process.EngineFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExaminationTest {

    private static final Requirement THERE =
            new Requirement("shell", "runs scripts", List.of("dash"), () -> Optional.of("/bin/sh"));
    private static final Requirement GONE =
            new Requirement("unicorn", "carries tests", List.of("unicorn-bin", "hay"), Optional::empty);

    private static String report(Examination examination) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        examination.report(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void saysWhatIsMissingAndWhatInstallsIt() {
        assertThat(report(new Examination(List.of(THERE, GONE))))
                .containsPattern("found +shell +/bin/sh")
                .containsPattern("MISSING +unicorn .*apt-get install unicorn-bin hay");
    }

    @Test
    void requiringFailsOnlyWhereSomethingIsMissing() {
        assertThatThrownBy(() -> new Examination(List.of(THERE, GONE)).require())
                .isInstanceOf(EngineFailure.class)
                .hasMessageContaining("unicorn")
                .hasMessageContaining("apt-get install unicorn-bin hay");
        assertThatCode(() -> new Examination(List.of(THERE)).require()).doesNotThrowAnyException();
    }
}
