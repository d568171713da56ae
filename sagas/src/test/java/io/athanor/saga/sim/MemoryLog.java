package io.athanor.saga.sim;

import io.athanor.domain.account.Account;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.State;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.job.Job;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.stake.StakePool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All streams by the domain's own rules: an order is decided and stored whole, or refused and nothing. */
public final class MemoryLog {
    private final Map<StreamId, State<?, ?, ?>> states = new HashMap<>();
    private final List<Committed> events = new ArrayList<>();

    /** @return the events of the order; error: {@link io.athanor.domain.common.Refused} */
    public List<Committed> append(Order order) {
        Map<StreamId, State<?, ?, ?>> changed = new HashMap<>();
        List<Event> decided = new ArrayList<>();
        for (Command command : order.commands()) {
            StreamId stream = command.stream();
            changed.put(stream, after(changed.getOrDefault(stream, state(stream)), command, decided));
        }
        states.putAll(changed);
        List<Committed> stored = new ArrayList<>();
        decided.forEach(event -> stored.add(new Committed(events.size() + stored.size() + 1L, event)));
        events.addAll(stored);
        return stored;
    }

    /** The stream's type names the one family, so that a command of it cannot be of another. */
    @SuppressWarnings("unchecked")
    private static <S extends State<S, C, E>, C extends Command, E extends Event> S after(
            State<?, ?, ?> before, Command command, List<Event> decided) {
        S state = (S) before;
        for (E event : state.decide((C) command)) {
            state = state.evolve(event);
            decided.add(event);
        }
        return state;
    }

    public long head() {
        return events.size();
    }

    public List<Committed> events() {
        return events;
    }

    /** Those above the index, at most so many. */
    public List<Committed> after(long index, int limit) {
        int from = (int) index;
        return List.copyOf(events.subList(from, Math.min(events.size(), from + limit)));
    }

    public State<?, ?, ?> state(StreamId stream) {
        return states.getOrDefault(stream, empty(stream));
    }

    /** The states of one family of streams. */
    public <T> List<T> all(String type, Class<T> family) {
        return states.entrySet().stream()
                .filter(entry -> entry.getKey().type().equals(type))
                .map(entry -> family.cast(entry.getValue()))
                .toList();
    }

    private static State<?, ?, ?> empty(StreamId stream) {
        return switch (stream.type()) {
            case StreamId.ACCOUNT -> Account.EMPTY;
            case StreamId.PROVIDER -> Provider.EMPTY;
            case StreamId.MACHINE -> Machine.EMPTY;
            case StreamId.JOB -> Job.empty();
            case StreamId.CHECKER -> Checker.EMPTY;
            case StreamId.POOL -> StakePool.EMPTY;
            case StreamId.ROUND -> Round.EMPTY;
            case StreamId.EPOCH -> Epoch.EMPTY;
            case StreamId.PROPOSAL -> Proposal.EMPTY;
            case StreamId.PROTOCOL -> Protocol.EMPTY;
            case StreamId.CASE -> PenaltyCase.EMPTY;
            default -> throw new IllegalArgumentException("no stream family: " + stream);
        };
    }
}
