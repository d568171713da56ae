package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @Test
    void anEngineThatIsTooOldIsNamedWithTheOneToInstall() {
        for (String old : new String[] {"19.03.15", "1.13.1", "20.9.1", "dev"}) {
            assertThat(Doctor.version("unix:///engine", old).well()).as(old).isFalse();
            assertThat(Doctor.version("unix:///engine", old).text())
                    .isEqualTo("container engine " + old + " at unix:///engine; install 20.10 or later");
        }
        for (String good : new String[] {"20.10.24+dfsg1", "28.2.2", "100.0"}) {
            assertThat(Doctor.version("unix:///engine", good).well()).as(good).isTrue();
        }
    }

    @Test
    void whatIsWrongInOnePlaceIsSaidAndTheRestIsLookedAtAllTheSame(@TempDir Path data) {
        AgentSettings away = AgentSettings.of(data, URI.create("http://127.0.0.1:9"), "unix:///no/engine", "1xH200");
        List<String> wrong = texts(Doctor.examine(away), false);
        assertThat(wrong).hasSizeBetween(2, 3);
        assertThat(wrong).anyMatch(text -> text.startsWith("no container engine at unix:///no/engine"));
        assertThat(wrong).last().asString().startsWith("server http://127.0.0.1:9 does not answer");
        assertThat(texts(Doctor.examine(away), true))
                .anyMatch(text -> text.startsWith("machine "))
                .anyMatch(text -> text.contains("GiB free in " + data))
                .anyMatch(text -> text.startsWith("SIMULATED GPU"));
    }

    private static List<String> texts(List<Doctor.Finding> findings, boolean well) {
        return findings.stream()
                .filter(finding -> finding.well() == well)
                .map(Doctor.Finding::text)
                .toList();
    }
}
