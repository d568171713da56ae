package io.athanor.api.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Challenge;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Drain;
import io.athanor.domain.wire.AgentProtocol.Ordered;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private static final AgentOrder FIRST = new Challenge("http://a", "1", "c");
    private static final AgentOrder SECOND = new Challenge("http://a", "2", "c");

    private final Mailbox mailbox = new Mailbox();

    private List<Ordered> now() {
        return mailbox.await(Duration.ZERO, 10);
    }

    @Test
    void numbersGoOnFromTheAgentsFirstAcknowledgement() {
        mailbox.add(100, FIRST);
        mailbox.acknowledge(57);
        assertThat(now()).containsExactly(new Ordered(58, FIRST));
        mailbox.add(SECOND);
        assertThat(now()).containsExactly(new Ordered(58, FIRST), new Ordered(59, SECOND));
        mailbox.acknowledge(58);
        assertThat(now()).containsExactly(new Ordered(59, SECOND));
    }

    @Test
    void anEventsOrderIsDeliveredOnceWhicheverWayItComes() {
        mailbox.acknowledge(0);
        mailbox.add(100, FIRST);
        mailbox.add(100, FIRST);
        assertThat(now()).hasSize(1);
        mailbox.acknowledge(1);
        mailbox.add(100, FIRST);
        assertThat(now()).isEmpty();
        assertThat(mailbox.toRemove()).containsExactly(100L);
        mailbox.removed(List.of(100L));
        assertThat(mailbox.toRemove()).isEmpty();
    }

    @Test
    void noMoreThanAskedForComesAtOnce() {
        mailbox.acknowledge(0);
        mailbox.add(1, FIRST);
        mailbox.add(2, SECOND);
        assertThat(mailbox.await(Duration.ZERO, 1)).extracting(Ordered::order).containsExactly(FIRST);
    }

    @Test
    void aStoppingNodeLetsWhoWaitsGoWithWhatThereIs() throws InterruptedException {
        mailbox.acknowledge(0);
        List<Ordered> got = new CopyOnWriteArrayList<>();
        Thread waiting = Thread.startVirtualThread(() -> got.addAll(mailbox.await(Duration.ofMinutes(1), 10)));
        mailbox.release();
        assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
        assertThat(got).isEmpty();
        mailbox.add(1, FIRST);
        assertThat(mailbox.await(Duration.ofMinutes(1), 10)).containsExactly(new Ordered(1, FIRST));
    }

    @Test
    void whoeverWaitsIsWokenByAnOrder() throws InterruptedException {
        mailbox.acknowledge(0);
        Thread sender = Thread.startVirtualThread(() -> mailbox.add(new Drain()));
        assertThat(mailbox.await(Duration.ofSeconds(10), 10))
                .extracting(Ordered::order)
                .containsExactly(new Drain());
        sender.join();
    }

    @Test
    void aClosedMailboxSaysThatTheSessionIsOver() {
        assertThat(now()).isEmpty();
        mailbox.close();
        assertThatThrownBy(this::now)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.STALE_SESSION));
    }
}
