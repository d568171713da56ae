package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.TaskId;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OneTaskTest {
    private static final String JOB = "01a206b4-c2d2-7ba3-b882-f3dddf555c7d";

    @CommandLine.Command
    private static final class Line implements Runnable {
        @CommandLine.Mixin
        private final OneTask task = new OneTask();

        @Override
        public void run() {}
    }

    private static TaskId read(String... arguments) {
        Line line = new Line();
        new CommandLine(line).parseArgs(arguments);
        return line.task.id();
    }

    @Test
    void aJobMeansItsFirstTaskOrTheOneOfTheOption() {
        assertThat(read(JOB)).hasToString(JOB + ".0");
        assertThat(read(JOB, "--task", "7")).hasToString(JOB + ".7");
    }

    @Test
    void aTaskIsNamedAsListsPrintIt() {
        assertThat(read(JOB + ".7")).hasToString(JOB + ".7");
        assertThat(read(JOB + ".7", "--task", "7")).hasToString(JOB + ".7");
    }

    @Test
    void twoTasksAtOnceAreRefused() {
        assertThatThrownBy(() -> read(JOB + ".7", "--task", "2"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("is not task 2");
    }
}
