package io.athanor.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

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
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
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
import java.util.List;

/**
 * One stream's test: given these events, when this command, then these events or this refusal. Immutable, so a common
 * beginning may be shared.
 */
public final class Scenario<S extends State<S, C, E>, C extends Command, E extends Event> {
    private final S state;

    private Scenario(S state) {
        this.state = state;
    }

    public static Scenario<Account, AccountCommand, AccountEvent> account() {
        return new Scenario<>(Account.EMPTY);
    }

    public static Scenario<Provider, ProviderCommand, ProviderEvent> provider() {
        return new Scenario<>(Provider.EMPTY);
    }

    public static Scenario<Machine, MachineCommand, MachineEvent> machine() {
        return new Scenario<>(Machine.EMPTY);
    }

    public static Scenario<Job, JobCommand, JobEvent> job() {
        return new Scenario<>(Job.empty());
    }

    public static Scenario<Checker, CheckerCommand, CheckerEvent> checker() {
        return new Scenario<>(Checker.EMPTY);
    }

    public static Scenario<StakePool, StakePoolCommand, StakePoolEvent> pool() {
        return new Scenario<>(StakePool.EMPTY);
    }

    public static Scenario<Proposal, ProposalCommand, ProposalEvent> proposal() {
        return new Scenario<>(Proposal.EMPTY);
    }

    public static Scenario<Round, RoundCommand, RoundEvent> round() {
        return new Scenario<>(Round.EMPTY);
    }

    public static Scenario<Epoch, EpochCommand, EpochEvent> epoch() {
        return new Scenario<>(Epoch.EMPTY);
    }

    public static Scenario<Protocol, ProtocolCommand, ProtocolEvent> protocol() {
        return new Scenario<>(Protocol.EMPTY);
    }

    public static Scenario<PenaltyCase, CaseCommand, CaseEvent> penaltyCase() {
        return new Scenario<>(PenaltyCase.EMPTY);
    }

    public S state() {
        return state;
    }

    /** What happened before. */
    @SafeVarargs
    public final Scenario<S, C, E> given(E... events) {
        Scenario<S, C, E> next = this;
        for (E event : events) {
            next = next.after(List.of(event));
        }
        return next;
    }

    /** What happened before, as commands that must not be refused. */
    @SafeVarargs
    public final Scenario<S, C, E> done(C... commands) {
        Scenario<S, C, E> next = this;
        for (C command : commands) {
            next = next.after(next.state.decide(command));
        }
        return next;
    }

    private Scenario<S, C, E> after(List<? extends E> events) {
        S next = state;
        for (E event : events) {
            next = next.evolve(event);
        }
        return new Scenario<>(next);
    }

    public Then when(C command) {
        return new Then(command);
    }

    /** What a command leads to. */
    public final class Then {
        private final C command;

        private Then(C command) {
            this.command = command;
        }

        /** It gives exactly these, all on the command's stream; returns the scenario after them. */
        @SafeVarargs
        public final Scenario<S, C, E> events(E... expected) {
            List<E> events = state.decide(command);
            List<E> wanted = new ArrayList<>();
            for (E event : expected) {
                wanted.add(event);
            }
            assertThat(events).isEqualTo(wanted);
            assertThat(events).allMatch(event -> event.stream().equals(command.stream()));
            return after(events);
        }

        /** It changes nothing and is not refused. */
        public Scenario<S, C, E> nothing() {
            assertThat(state.decide(command)).isEmpty();
            return Scenario.this;
        }

        /** It is refused for this reason, and the detail contains the texts. */
        public Scenario<S, C, E> refused(Reason reason, String... detail) {
            Throwable thrown = catchThrowable(() -> state.decide(command));
            assertThat(thrown).as("refusal of %s", command).isInstanceOf(Refused.class);
            Refused refused = (Refused) thrown;
            assertThat(refused.reason()).as(refused.toString()).isEqualTo(reason);
            for (String part : detail) {
                assertThat(refused.detail()).contains(part);
            }
            return Scenario.this;
        }
    }
}
