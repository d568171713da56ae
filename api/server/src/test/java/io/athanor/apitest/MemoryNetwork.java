package io.athanor.apitest;

import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.attestation.RoundCommand;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerCommand;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.penalty.CaseCommand;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.port.AcceptedOrders;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.CommittedEvents;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderCommand;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.view.TimelineEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/** Commands decided by the pure states, in memory: one order at a time, all or nothing. */
final class MemoryNetwork implements Commands, AcceptedOrders, EventSource, CommittedEvents {
    private final Map<StreamId, Object> states = new HashMap<>();
    private final Map<CommandId, Answer> log = new HashMap<>();
    private final List<Stored> stored = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Consumer<List<Committed>>> feeds = new CopyOnWriteArrayList<>();
    private @Nullable EventStore axon;
    private int orders;

    private record Answer(String fingerprint, Outcome outcome) {
        Outcome to(Outside order) {
            Refused.unless(
                    fingerprint.equals(order.fingerprint().value()),
                    Reason.COMMAND_ID_REUSED,
                    order.id() + " was another command");
            return outcome;
        }
    }

    @Override
    public synchronized Optional<Outcome> answerTo(Outside order) {
        return Optional.ofNullable(log.get(order.id())).map(known -> known.to(order));
    }

    synchronized void publishTo(EventStore store) {
        axon = store;
        store.publish(events.stream()
                .map(event -> GenericEventMessage.<Event>asEventMessage(event))
                .toList());
    }

    @Override
    public synchronized CompletableFuture<Outcome> send(Order order) {
        try {
            return CompletableFuture.completedFuture(decide(order));
        } catch (Refused refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private Outcome decide(Order order) {
        orders++;
        Outside outside = order.outside();
        if (outside != null) {
            Answer known = log.get(outside.id());
            if (known != null) {
                return known.to(outside);
            }
        }
        Map<StreamId, Object> next = new HashMap<>();
        List<Event> fresh = new ArrayList<>();
        for (Command command : order.commands()) {
            Object state = next.getOrDefault(command.stream(), states.get(command.stream()));
            for (Event event : decide(command, state)) {
                state = evolve(state, event);
                fresh.add(event);
            }
            if (state != null) {
                next.put(command.stream(), state);
            }
        }
        states.putAll(next);
        fresh.forEach(event -> store(event, order));
        Outcome outcome = new Outcome(fresh.size(), head());
        if (outside != null) {
            log.put(outside.id(), new Answer(outside.fingerprint().value(), outcome));
        }
        publish(fresh);
        return outcome;
    }

    private static List<? extends Event> decide(Command command, @Nullable Object state) {
        return switch (command) {
            case AccountCommand c -> (state == null ? Account.EMPTY : (Account) state).decide(c);
            case ProviderCommand c -> (state == null ? Provider.EMPTY : (Provider) state).decide(c);
            case MachineCommand c -> (state == null ? Machine.EMPTY : (Machine) state).decide(c);
            case JobCommand c -> (state == null ? Job.empty() : (Job) state).decide(c);
            case CheckerCommand c -> (state == null ? Checker.EMPTY : (Checker) state).decide(c);
            case RoundCommand c -> (state == null ? Round.EMPTY : (Round) state).decide(c);
            case StakePoolCommand c -> (state == null ? StakePool.EMPTY : (StakePool) state).decide(c);
            case CaseCommand c -> (state == null ? PenaltyCase.EMPTY : (PenaltyCase) state).decide(c);
            case ProtocolCommand c -> (state == null ? Protocol.EMPTY : (Protocol) state).decide(c);
            default -> throw new IllegalArgumentException("not used here: " + command);
        };
    }

    private static Object evolve(@Nullable Object state, Event event) {
        return switch (event) {
            case AccountEvent e -> (state == null ? Account.EMPTY : (Account) state).evolve(e);
            case ProviderEvent e -> (state == null ? Provider.EMPTY : (Provider) state).evolve(e);
            case MachineEvent e -> (state == null ? Machine.EMPTY : (Machine) state).evolve(e);
            case JobEvent e -> (state == null ? Job.empty() : (Job) state).evolve(e);
            case CheckerEvent e -> (state == null ? Checker.EMPTY : (Checker) state).evolve(e);
            case RoundEvent e -> (state == null ? Round.EMPTY : (Round) state).evolve(e);
            case StakePoolEvent e -> (state == null ? StakePool.EMPTY : (StakePool) state).evolve(e);
            case CaseEvent e -> (state == null ? PenaltyCase.EMPTY : (PenaltyCase) state).evolve(e);
            case ProtocolEvent e -> (state == null ? Protocol.EMPTY : (Protocol) state).evolve(e);
            default -> throw new IllegalArgumentException("not used here: " + event);
        };
    }

    private void store(Event event, Order order) {
        long sequence = stored.stream()
                .filter(other -> other.stream().equals(event.stream()))
                .count();
        events.add(event);
        stored.add(new Stored(
                stored.size() + 1L,
                UUID.randomUUID().toString(),
                event.stream(),
                sequence,
                EventCatalogue.nameOf(event.getClass()),
                EventCatalogue.revisionOf(event.getClass()),
                Json.text(event),
                Json.text(Map.of("actor", order.actor())),
                event.at()));
    }

    private void publish(List<Event> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        if (axon != null) {
            axon.publish(fresh.stream()
                    .map(event -> GenericEventMessage.<Event>asEventMessage(event))
                    .toList());
        }
        List<Committed> committed = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            committed.add(new Committed(head() - fresh.size() + 1 + i, fresh.get(i)));
        }
        feeds.forEach(feed -> feed.accept(committed));
    }

    @SuppressWarnings("unchecked")
    synchronized <S> Map<StreamId, S> states(String type) {
        Map<StreamId, S> found = new HashMap<>();
        states.forEach((stream, state) -> {
            if (stream.type().equals(type)) {
                found.put(stream, (S) state);
            }
        });
        return found;
    }

    synchronized <S> @Nullable S state(StreamId stream, Class<S> type) {
        return type.cast(states.get(stream));
    }

    synchronized <E extends Event> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The job's events by their index; the words are the event's name. */
    synchronized List<TimelineEntry> timeline(JobId id) {
        List<TimelineEntry> found = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof JobEvent event && event.task().job().equals(id)) {
                found.add(line(i + 1L, event));
            }
        }
        return found;
    }

    static TimelineEntry line(long index, JobEvent event) {
        return new TimelineEntry(index, event.task(), EventCatalogue.nameOf(event.getClass()), "test", "", event.at());
    }

    synchronized int orders() {
        return orders;
    }

    @Override
    public synchronized List<Stored> read(long after, int limit) {
        return stored.stream()
                .filter(event -> event.index() > after)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<Stored> of(StreamId stream) {
        return stored.stream().filter(event -> event.stream().equals(stream)).toList();
    }

    @Override
    public synchronized long head() {
        return stored.size();
    }

    @Override
    public AutoCloseable onAppend(Consumer<Long> listener) {
        return subscribe(batch -> listener.accept(batch.getLast().index()));
    }

    @Override
    public AutoCloseable subscribe(Consumer<List<Committed>> listener) {
        feeds.add(listener);
        return () -> feeds.remove(listener);
    }
}
