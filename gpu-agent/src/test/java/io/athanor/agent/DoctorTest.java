package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
