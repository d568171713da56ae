package io.athanor.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses are literals here, so no name is looked up. */
class ReachTest {
    private static final URI LOOPBACK = URI.create("http://127.0.0.1:8480");
    private static final URI OFFICE = URI.create("http://10.0.0.5:8480");
    private static final URI PUBLIC = URI.create("https://8.8.8.8");

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, LOOPBACK",
        "::1, LOOPBACK",
        "::ffff:127.0.0.1, LOOPBACK",
        "0.0.0.0, NONE",
        "169.254.169.254, NONE",
        "fe80::1, NONE",
        "224.0.0.1, NONE",
        "10.1.2.3, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "100.127.255.255, PRIVATE",
        "fd12::1, PRIVATE",
        "100.63.255.255, PUBLIC",
        "100.128.0.1, PUBLIC",
        "172.32.0.1, PUBLIC",
        "8.8.8.8, PUBLIC",
        "2001:4860:4860::8888, PUBLIC"
    })
    void everyAddressHasItsReach(String address, Reach reach) throws UnknownHostException {
        assertThat(Reach.of(InetAddress.getByName(address))).isEqualTo(reach);
    }

    @Test
    void anAgentDialsNothingNearerThanItsServer() throws UnknownHostException {
        assertThat(Reach.isAllowed(LOOPBACK, LOOPBACK)).isTrue();
        assertThat(Reach.isAllowed(OFFICE, LOOPBACK)).isTrue();
        assertThat(Reach.isAllowed(OFFICE, OFFICE)).isTrue();
        assertThat(Reach.isAllowed(LOOPBACK, OFFICE)).isFalse();
        assertThat(Reach.isAllowed(PUBLIC, PUBLIC)).isTrue();
        assertThat(Reach.isAllowed(OFFICE, PUBLIC)).isFalse();
        assertThat(Reach.isAllowed(LOOPBACK, PUBLIC)).isFalse();
        assertThat(Reach.isAllowed(URI.create("http://169.254.169.254"), LOOPBACK))
                .isFalse();
        assertThat(Reach.isAllowed(URI.create("http://[::1]:9"), PUBLIC)).isFalse();
    }

    @Test
    void anEndpointWithoutAHostIsRefused() {
        assertThatThrownBy(() -> Reach.of(URI.create("http:///probe"))).isInstanceOf(UnknownHostException.class);
    }
}
