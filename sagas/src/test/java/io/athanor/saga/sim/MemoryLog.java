package io.athanor.saga.sim;

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
import io.athanor.domain.common.Event;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochCommand;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalCommand;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.penalty.CaseCommand;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderCommand;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand;
import io.athanor.domain.stake.StakePoolEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All streams by the domain's own rules: an order is decided and stored whole, or refused and nothing. */
public final class MemoryLog {
    private final Map<StreamId, Object> states = new HashMap<>();
    private final List<Committed> events = new ArrayList<>();

    /** @return the events of the order; error: {@link io.athanor.domain.common.Refused} */
    public List<Committed> append(Order order) {
        Map<StreamId, Object> changed = new HashMap<>();
        List<Event> decided = new ArrayList<>();
        for (Command command : order.commands()) {
            StreamId stream = command.stream();
            Object state = changed.getOrDefault(stream, state(stream));
            for (Event event : decide(state, command)) {
                state = evolve(state, event);
                decided.add(event);
            }
            changed.put(stream, state);
        }
        states.putAll(changed);
        List<Committed> stored = new ArrayList<>();
        decided.forEach(event -> stored.add(new Committed(events.size() + stored.size() + 1L, event)));
        events.addAll(stored);
        return stored;
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

    public Object state(StreamId stream) {
        return states.getOrDefault(stream, empty(stream));
    }

    /** The states of one family of streams. */
    public <T> List<T> all(String type, Class<T> family) {
        return states.entrySet().stream()
                .filter(entry -> entry.getKey().type().equals(type))
                .map(entry -> family.cast(entry.getValue()))
                .toList();
    }

    private static Object empty(StreamId stream) {
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

    private static List<? extends Event> decide(Object state, Command command) {
        return switch (command) {
            case AccountCommand c -> ((Account) state).decide(c);
            case ProviderCommand c -> ((Provider) state).decide(c);
            case MachineCommand c -> ((Machine) state).decide(c);
            case JobCommand c -> ((Job) state).decide(c);
            case CheckerCommand c -> ((Checker) state).decide(c);
            case StakePoolCommand c -> ((StakePool) state).decide(c);
            case RoundCommand c -> ((Round) state).decide(c);
            case EpochCommand c -> ((Epoch) state).decide(c);
            case ProposalCommand c -> ((Proposal) state).decide(c);
            case ProtocolCommand c -> ((Protocol) state).decide(c);
            case CaseCommand c -> ((PenaltyCase) state).decide(c);
            default -> throw new IllegalArgumentException("no family: " + command);
        };
    }

    private static Object evolve(Object state, Event event) {
        return switch (event) {
            case AccountEvent e -> ((Account) state).evolve(e);
            case ProviderEvent e -> ((Provider) state).evolve(e);
            case MachineEvent e -> ((Machine) state).evolve(e);
            case JobEvent e -> ((Job) state).evolve(e);
            case CheckerEvent e -> ((Checker) state).evolve(e);
            case StakePoolEvent e -> ((StakePool) state).evolve(e);
            case RoundEvent e -> ((Round) state).evolve(e);
            case EpochEvent e -> ((Epoch) state).evolve(e);
            case ProposalEvent e -> ((Proposal) state).evolve(e);
            case ProtocolEvent e -> ((Protocol) state).evolve(e);
            case CaseEvent e -> ((PenaltyCase) state).evolve(e);
            default -> throw new IllegalArgumentException("no family: " + event);
        };
    }
}
