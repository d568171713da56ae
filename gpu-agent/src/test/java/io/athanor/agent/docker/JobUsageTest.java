package io.athanor.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobUsageTest {
    @Test
    void readsWhatTheKernelWrites() throws Exception {
        assertThat(JobUsage.groupOf("", List.of("0::/docker/ab12"))).isEqualTo("docker/ab12");
        assertThat(JobUsage.groupOf("cpuacct", List.of("3:pids:/x", "2:cpu,cpuacct:/docker/ab12")))
                .isEqualTo("docker/ab12");
        assertThat(JobUsage.cpuMicros("usage_usec 1234567\nuser_usec 1\n")).isEqualTo(1_234_567);
        assertThat(JobUsage.traffic("""
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                    lo:    1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0
                  eth0:    5551      61    0    0    0     0          0         0      226       3    0    0    0     0       0          0
                  eth1:      10       1    0    0    0     0          0         0       20       1    0    0    0     0       0          0
                """)).containsExactly(5_561, 246);
    }

    @Test
    void anotherVersionOrFormIsNoUsage() {
        assertThatThrownBy(() -> JobUsage.groupOf("", List.of("4:memory:/docker/ab12")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> JobUsage.cpuMicros("user_usec 1")).isInstanceOf(IOException.class);
        assertThat(JobUsage.of(Long.MAX_VALUE)).isEmpty();
    }
}
