package io.athanor.chain;

import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochCommand;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.penalty.CaseCommand;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;

/** An event log in memory that decides by the real states and hands its events to the outbox, at once or later. */
final class FoldedLog implements Commands, EventSource {
    private final ChainOutbox outbox;
    private final Map<StreamId, Object> states = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Order> orders = new ArrayList<>();
    private int delivered;
    private boolean lagging;

    FoldedLog(ChainOutbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public synchronized CompletableFuture<Outcome> send(Order order) {
        orders.add(order);
        int before = events.size();
        try {
            order.commands().forEach(command -> events.addAll(decide(command)));
        } catch (Refused e) {
            return CompletableFuture.failedFuture(e);
        }
        deliver();
        return CompletableFuture.completedFuture(new Outcome(events.size() - before, events.size()));
    }

    private List<? extends Event> decide(Command command) {
        return switch (command) {
            case AccountCommand c -> apply(c.stream(), Account.EMPTY, s -> s.decide(c), Account::evolve);
            case StakePoolCommand c -> apply(c.stream(), StakePool.EMPTY, s -> s.decide(c), StakePool::evolve);
            case ProtocolCommand c -> apply(c.stream(), Protocol.EMPTY, s -> s.decide(c), Protocol::evolve);
            case EpochCommand c -> apply(c.stream(), Epoch.EMPTY, s -> s.decide(c), Epoch::evolve);
            case JobCommand c -> apply(c.stream(), Job.empty(), s -> s.decide(c), Job::evolve);
            case CaseCommand c -> apply(c.stream(), PenaltyCase.EMPTY, s -> s.decide(c), PenaltyCase::evolve);
            default -> throw new IllegalArgumentException("the projector sends no " + command);
        };
    }

    private <S, E extends Event> List<E> apply(
            StreamId stream, S empty, Function<S, List<E>> decide, BiFunction<S, E, S> evolve) {
        @SuppressWarnings("unchecked")
        S state = (S) states.getOrDefault(stream, empty);
        List<E> fresh = decide.apply(state);
        for (E event : fresh) {
            state = evolve.apply(state, event);
        }
        states.put(stream, state);
        return fresh;
    }

    /** Stores an event of a stream that the projector only hears of. */
    synchronized void happened(Event event) {
        events.add(event);
        deliver();
    }

    /** Whether events wait before they reach the outbox. */
    synchronized void lag(boolean lags) {
        lagging = lags;
        deliver();
    }

    private void deliver() {
        while (!lagging && delivered < events.size()) {
            delivered++;
            outbox.on(events.get(delivered - 1), delivered);
            outbox.flush();
        }
    }

    /** Every event again, as after a reset of the processor's token. */
    synchronized void replay() {
        delivered = 0;
        deliver();
    }

    /** As a store would hold it; what nobody decided here has a sequence of its own. */
    private Stored stored(int index) {
        Event event = events.get(index - 1);
        return new Stored(
                index,
                new UUID(7L << 12, index).toString(),
                event.stream(),
                index - 1,
                EventCatalogue.nameOf(event.getClass()),
                EventCatalogue.revisionOf(event.getClass()),
                Json.text(event),
                "{\"actor\":\"test\"}",
                Instant.EPOCH);
    }

    @Override
    public synchronized List<Stored> read(long after, int limit) {
        return LongStream.rangeClosed(after + 1, Math.min(after + limit, events.size()))
                .mapToObj(index -> stored(Math.toIntExact(index)))
                .toList();
    }

    @Override
    public synchronized List<Stored> of(StreamId stream) {
        return read(0, Integer.MAX_VALUE).stream()
                .filter(stored -> stored.stream().equals(stream))
                .toList();
    }

    @Override
    public synchronized long head() {
        return events.size();
    }

    @Override
    public AutoCloseable onAppend(Consumer<Long> listener) {
        throw new AssertionError("the projector looks by itself");
    }

    synchronized int orders() {
        return orders.size();
    }

    synchronized <E extends Event> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @SuppressWarnings("unchecked")
    synchronized <S> S state(StreamId stream, S empty) {
        return (S) states.getOrDefault(stream, empty);
    }
}
