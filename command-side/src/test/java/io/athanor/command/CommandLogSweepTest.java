package io.athanor.command;

import static io.athanor.command.Samples.deposit;
import static io.athanor.command.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.command.bus.CommandLog;
import io.athanor.command.bus.CommandLogSweep;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.AcceptedOrders;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.port.Commands.Outside;
import io.athanor.domain.port.Sweep;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Accepted orders are remembered for as long as they could be sent again, and then forgotten. */
@Tag("postgres")
class CommandLogSweepTest {
    private static Sha256 content(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void answersAreForgottenAfterTheWindowAndNotBefore() {
        Outside order = new Outside(new CommandId(Samples.id()), content("deposit"));
        try (TestNode node = new TestNode(TestNode.freshDatabase())) {
            AcceptedOrders accepted = node.bean(AcceptedOrders.class);
            assertThat(accepted.answerTo(order)).isEmpty();
            Outcome first = node.commands()
                    .send(new Order(List.of(deposit(wallet(), 1, 5)), order, "client", null))
                    .join();
            Sweep sweep = node.bean(Sweep.class);
            Timestamp at = node.sql().queryForObject("SELECT at FROM command.command_log", Timestamp.class);
            Instant now = Objects.requireNonNull(at).toInstant();
            assertThat(sweep.run(now.plus(Duration.ofDays(89)))).isZero();
            assertThat(accepted.answerTo(order)).hasValue(first);
            Outside other = new Outside(order.id(), content("another"));
            assertThatThrownBy(() -> accepted.answerTo(other))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.COMMAND_ID_REUSED));
            assertThat(sweep.run(now.plus(Duration.ofDays(91)))).isEqualTo(1);
            assertThat(accepted.answerTo(order)).isEmpty();
        }
    }

    @Test
    void aWindowShorterThanAnAuthorisationIsRefused() {
        try (TestNode node = new TestNode(TestNode.freshDatabase())) {
            CommandLog log = node.bean(CommandLog.class);
            assertThatThrownBy(() -> new CommandLogSweep(log, Duration.ofDays(30)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("athanor.retention.commands");
            assertThat(new CommandLogSweep(log, Duration.ofDays(31)).what()).isEqualTo("commands");
        }
    }
}
