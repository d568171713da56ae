package io.athanor.command;

import static io.athanor.command.Samples.deposit;
import static io.athanor.command.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.port.EventSource.Stored;
import io.athanor.local.engine.Database;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("postgres")
class WakeUpTest {
    /** Far below any polling interval that would hide a lost wake-up over so many events. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final int COMMITS = 30;

    private final Database database = TestNode.freshDatabase();

    /** A view that keeps every deposit it sees. */
    static final class Deposits {
        final List<DepositCredited> seen = new CopyOnWriteArrayList<>();
        final List<Long> latenciesNanos = new CopyOnWriteArrayList<>();
        final AtomicLong sentAt = new AtomicLong();

        @EventHandler
        void on(AccountEvent event) {
            latenciesNanos.add(System.nanoTime() - sentAt.get());
            seen.add((DepositCredited) event);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Views {
        @Bean
        Deposits deposits() {
            return new Deposits();
        }

        @Bean
        ConfigurerModule tracking(Deposits deposits) {
            return configurer -> {
                configurer.registerEventHandler(c -> deposits);
                configurer
                        .eventProcessing()
                        .byDefaultAssignTo("view-deposits")
                        .registerTrackingEventProcessor(
                                "view-deposits",
                                c -> c.eventStore(),
                                c -> TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                                        .andBatchSize(500));
            };
        }
    }

    @Test
    void aTrackingProcessorWakesWithEachCommit() {
        try (TestNode node = new TestNode(database, Views.class)) {
            Deposits view = node.bean(Deposits.class);
            Wallet wallet = wallet();
            for (int number = 1; number <= COMMITS; number++) {
                int expected = number;
                view.sentAt.set(System.nanoTime());
                node.send(deposit(wallet, number, 1));
                await().atMost(SOON)
                        .pollInterval(Duration.ofMillis(1))
                        .pollDelay(Duration.ZERO)
                        .until(() -> view.seen.size() == expected);
            }
            // A stride is a quarter of a second; lost wake-ups would cost the processor's own second of patience.
            long quick = view.latenciesNanos.stream()
                    .filter(nanos -> nanos < Duration.ofMillis(900).toNanos())
                    .count();
            assertThat(quick).isGreaterThanOrEqualTo(COMMITS - 3);
            assertThat(view.seen.stream().map(DepositCredited::number))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, COMMITS)
                            .mapToObj(Long::valueOf)
                            .toList());
        }
    }

    @Test
    void aTrackingProcessorGoesOnWhereItStopped() {
        Wallet wallet = wallet();
        try (TestNode node = new TestNode(database, Views.class)) {
            node.send(deposit(wallet, 1, 1));
            await().atMost(SOON).until(() -> node.bean(Deposits.class).seen.size() == 1);
        }
        try (TestNode writer = new TestNode(database)) {
            writer.send(deposit(wallet, 2, 1));
        }
        try (TestNode node = new TestNode(database, Views.class)) {
            node.send(deposit(wallet, 3, 1));
            Deposits view = node.bean(Deposits.class);
            await().atMost(SOON).until(() -> view.seen.size() == 2);
            assertThat(view.seen.stream().map(DepositCredited::number)).containsExactly(2L, 3L);
        }
    }

    @Test
    void anotherNodesCommitWakesItTooAndOrderHolds() {
        try (TestNode reader = new TestNode(database, Views.class);
                TestNode writer = new TestNode(database)) {
            Deposits view = reader.bean(Deposits.class);
            Wallet wallet = wallet();
            for (int number = 1; number <= COMMITS; number++) {
                int expected = number;
                (number % 3 == 0 ? reader : writer).send(deposit(wallet, number, 1));
                await().atMost(SOON)
                        .pollInterval(Duration.ofMillis(1))
                        .pollDelay(Duration.ZERO)
                        .until(() -> view.seen.size() == expected);
            }
            assertThat(view.seen.stream().map(DepositCredited::number)).isSorted();
            assertThat(reader.events().head()).isEqualTo(writer.events().head());
        }
    }

    @Test
    void committedEventsComeInTheOrderOfTheHistory() throws Exception {
        try (TestNode node = new TestNode(database)) {
            List<Committed> heard = new CopyOnWriteArrayList<>();
            AutoCloseable subscription = node.committed().subscribe(heard::addAll);
            List<Wallet> wallets =
                    IntStream.range(0, 10).mapToObj(i -> wallet()).toList();
            CompletableFuture.allOf(IntStream.range(0, 500)
                            .mapToObj(i -> node.commands()
                                    .send(io.athanor.domain.port.Commands.Order.inside(
                                            "test", null, deposit(wallets.get(i % 10), i / 10 + 1, 1))))
                            .toArray(CompletableFuture[]::new))
                    .join();
            await().atMost(SOON).until(() -> heard.size() == 500);
            assertThat(heard.stream().map(Committed::index))
                    .containsExactlyElementsOf(node.events().read(0, 1_000).stream()
                            .map(Stored::index)
                            .toList());
            subscription.close();
            node.send(deposit(wallet(), 1, 1));
            assertThat(heard).hasSize(500);
        }
    }

    @Test
    void aListenerThatFailsDoesNotSilenceTheOthers() throws Exception {
        try (TestNode node = new TestNode(database)) {
            List<Long> heads = new CopyOnWriteArrayList<>();
            List<Committed> heard = new CopyOnWriteArrayList<>();
            try (AutoCloseable failing = node.committed().subscribe(events -> {
                        throw new IllegalStateException("a listener's fault");
                    });
                    AutoCloseable good = node.committed().subscribe(heard::addAll);
                    AutoCloseable bell = node.events().onAppend(heads::add)) {
                node.send(deposit(wallet(), 1, 1));
                await().atMost(SOON).until(() -> heard.size() == 1 && !heads.isEmpty());
                assertThat(heads.getLast()).isEqualTo(node.events().head());
                assertThat(List.of(failing, good, bell)).doesNotContainNull();
            }
        }
    }
}
