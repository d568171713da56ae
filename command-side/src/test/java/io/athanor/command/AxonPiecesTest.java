package io.athanor.command;

import static io.athanor.command.Samples.deposit;
import static io.athanor.command.Samples.wallet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Wallet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.deadletter.Decisions;
import org.axonframework.messaging.deadletter.GenericDeadLetter;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueue;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;

@Tag("postgres")
class AxonPiecesTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void axonsOwnDefaultsAreRefusedAndOursAreNot() {
        try (TestNode node = new TestNode(TestNode.freshDatabase())) {
            AxonParts parts = node.bean(AxonParts.class);
            InfrastructureAssertions.require(parts.configurer().buildConfiguration());

            Configuration withoutTransactions = parts.configurer()
                    .configureTransactionManager(c -> NoTransactionManager.INSTANCE)
                    .buildConfiguration();
            assertThatThrownBy(() -> InfrastructureAssertions.require(withoutTransactions))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("transaction manager");
        }
    }

    /** Remembers what a saga was given, and counts deposits by its own state. */
    public static final class Ledger {
        final List<String> notes = new CopyOnWriteArrayList<>();
    }

    /** Two deposits of one account, then over. */
    public static final class TwoDeposits {
        @Autowired
        private transient Ledger ledger;

        private int count;

        @StartSaga
        @SagaEventHandler(associationProperty = "wallet")
        void on(DepositCredited event) {
            ledger.notes.add(event.wallet() + " " + ++count);
            if (count == 2) {
                SagaLifecycle.end();
            }
        }
    }

    @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
    static class Sagas {
        @Bean
        Ledger ledger() {
            return new Ledger();
        }

        @Bean
        ConfigurerModule saga() {
            // From the beginning: a saga's processor would else begin at the head, after what came before it.
            return configurer -> configurer
                    .eventProcessing()
                    .registerSaga(TwoDeposits.class)
                    .registerTrackingEventProcessorConfiguration(
                            "TwoDepositsProcessor",
                            c -> TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                                    .andInitialTrackingToken(StreamableMessageSource::createTailToken));
        }
    }

    @Test
    void aSagaKeepsItsStateInTheDatabaseAndGetsBeansOfTheContext() {
        var database = TestNode.freshDatabase();
        Wallet wallet = wallet();
        try (TestNode node = new TestNode(database, Sagas.class)) {
            node.send(deposit(wallet, 1, 1));
            await().atMost(SOON).until(() -> rows(node, "axon.saga") == 1);
        }
        try (TestNode node = new TestNode(database, Sagas.class)) {
            node.send(deposit(wallet, 2, 1));
            Ledger ledger = node.bean(Ledger.class);
            await().atMost(SOON).until(() -> !ledger.notes.isEmpty());
            assertThat(ledger.notes).containsExactly(wallet + " 2");
            await().atMost(SOON).until(() -> rows(node, "axon.saga") == 0);
            assertThat(rows(node, "axon.association_value")).isZero();
        }
    }

    private static long rows(TestNode node, String table) {
        return Objects.requireNonNull(node.sql().queryForObject("SELECT count(*) FROM " + table, Long.class));
    }

    /** Fails while it is told to. */
    static final class Fragile {
        final AtomicBoolean broken = new AtomicBoolean(true);
        final List<Long> seen = new CopyOnWriteArrayList<>();

        @EventHandler
        void on(AccountEvent event) {
            DepositCredited deposit = (DepositCredited) event;
            if (broken.get() && deposit.number() == 1) {
                throw new IllegalStateException("poison");
            }
            seen.add(deposit.number());
        }
    }

    @org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
    static class ParkingView {
        @Bean
        Fragile fragile() {
            return new Fragile();
        }

        @Bean
        ConfigurerModule view(
                Fragile fragile, Function<String, SequencedDeadLetterQueue<EventMessage<?>>> deadLetterQueues) {
            return configurer -> {
                configurer.registerEventHandler(c -> fragile);
                configurer
                        .eventProcessing()
                        .usingTrackingEventProcessors()
                        .byDefaultAssignTo("view-fragile")
                        .registerDeadLetterQueue("view-fragile", c -> deadLetterQueues.apply("view-fragile"));
            };
        }
    }

    @Test
    void aPoisonEventIsParkedWithItsStreamAndTheOthersGoOn() {
        try (TestNode node = new TestNode(TestNode.freshDatabase(), ParkingView.class)) {
            Fragile view = node.bean(Fragile.class);
            Wallet poisoned = wallet();
            node.send(deposit(poisoned, 1, 1));
            node.send(deposit(poisoned, 2, 1));
            node.send(deposit(wallet(), 7, 1));
            await().atMost(SOON).until(() -> view.seen.equals(List.of(7L)));
            assertThat(rows(node, "axon.dead_letter")).isEqualTo(2);

            view.broken.set(false);
            boolean processed = node.bean(AxonLifecycle.class)
                    .get()
                    .eventProcessingConfiguration()
                    .sequencedDeadLetterProcessor("view-fragile")
                    .orElseThrow()
                    .processAny();
            assertThat(processed).isTrue();
            assertThat(view.seen).containsExactly(7L, 1L, 2L);
            assertThat(rows(node, "axon.dead_letter")).isZero();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyParkedSequenceIsReachedAlsoBehindTheFirstPage() {
        int sequences = 250;
        try (TestNode node = new TestNode(TestNode.freshDatabase())) {
            SequencedDeadLetterQueue<EventMessage<?>> queue = ((Function<
                                    String, SequencedDeadLetterQueue<EventMessage<?>>>)
                            node.bean(Function.class))
                    .apply("view-paged");
            DepositCredited event = (DepositCredited) io.athanor.domain.account.Account.EMPTY
                    .decide(deposit(wallet(), 1, 1))
                    .getFirst();
            IntStream.range(0, sequences)
                    .forEach(i -> queue.enqueue(
                            "sequence-" + i,
                            new GenericDeadLetter<>("sequence-" + i, GenericEventMessage.asEventMessage(event))));
            // Each is looked at and turned down, so that only paging leads to the last one.
            java.util.Set<String> offered = new java.util.HashSet<>();
            queue.process(
                    letter -> {
                        offered.add(letter.message().getIdentifier());
                        return false;
                    },
                    letter -> Decisions.doNotEnqueue());
            assertThat(offered).hasSize(sequences);
        }
    }
}
