package io.athanor.command.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;

class EventTailTest {
    private final EventTail tail = new EventTail();

    private static Appended appended(long previous, long first, long last) {
        List<Long> indexes = LongStream.rangeClosed(first, last).boxed().toList();
        List<DomainEventMessage<?>> events = new ArrayList<>();
        indexes.forEach(index -> events.add(new GenericDomainEventMessage<>("job", "job/1", index, "event " + index)));
        return new Appended(previous, indexes, events);
    }

    private Optional<List<Long>> after(long index) {
        return tail.after(index)
                .map(entries -> entries.stream().map(EventTail.Entry::index).toList());
    }

    @Test
    void beforeTheFirstAppendTheStoreMustBeAsked() {
        tail.learn(7);
        assertThat(tail.head()).isEqualTo(7);
        assertThat(after(0)).isEmpty();
    }

    @Test
    void itRemembersWhatFollowedWithoutABreak() {
        tail.add(appended(7, 8, 10));
        tail.add(appended(10, 12, 13)); // 11 was rolled back
        assertThat(after(7)).contains(List.of(8L, 9L, 10L, 12L, 13L));
        assertThat(after(12)).contains(List.of(13L));
        assertThat(after(13)).contains(List.of());
        assertThat(after(6)).as("older than memory").isEmpty();
    }

    @Test
    void anotherNodesAppendSendsReadersToTheStore() {
        tail.add(appended(0, 1, 3));
        tail.learn(5);
        assertThat(after(1)).contains(List.of(2L, 3L));
        assertThat(after(3)).as("4 and 5 are not in memory").isEmpty();
        tail.add(appended(5, 6, 6));
        assertThat(after(3)).isEmpty();
        assertThat(after(5)).contains(List.of(6L));
    }

    @Test
    void itForgetsTheOldestBeyondItsCapacity() {
        tail.add(appended(0, 1, EventTail.CAPACITY));
        tail.add(appended(EventTail.CAPACITY, EventTail.CAPACITY + 1, EventTail.CAPACITY + 10));
        assertThat(after(9)).isEmpty();
        assertThat(after(10).orElseThrow()).hasSize(EventTail.CHUNK).startsWith(11L);
    }

    @Test
    void aWaiterWakesWhenItGrowsAndNotBefore() throws InterruptedException {
        tail.learn(5);
        assertThat(tail.awaitBeyond(5, EventTail.deadline(5, TimeUnit.MILLISECONDS)))
                .isFalse();
        Thread.ofVirtual().start(() -> tail.learn(6));
        assertThat(tail.awaitBeyond(5, EventTail.deadline(5, TimeUnit.SECONDS))).isTrue();
    }

    @Test
    void theBellRingsWithTheNewHeadUntilItIsTakenDown() throws Exception {
        List<Long> rung = new ArrayList<>();
        AutoCloseable bell = tail.onGrowth(rung::add);
        tail.add(appended(0, 1, 2));
        tail.learn(9);
        tail.learn(9);
        bell.close();
        tail.learn(10);
        assertThat(rung).containsExactly(2L, 9L);
    }
}
