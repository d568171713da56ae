package io.athanor.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class TroubleTest {
    @Test
    void aFailureWithoutAMessageIsNamedByItsKind() {
        assertThat(Trouble.text(new ConnectException())).isEqualTo("ConnectException");
        assertThat(Trouble.text(new ConnectException("refused by 127.0.0.1"))).isEqualTo("refused by 127.0.0.1");
    }
}
