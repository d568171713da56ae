package io.athanor.command.stream;

import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.attestation.RoundCommand;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerCommand;
import io.athanor.domain.checker.CheckerEvent;
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
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderCommand;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand;
import io.athanor.domain.stake.StakePoolEvent;
import java.util.List;
import java.util.function.Supplier;
import org.axonframework.modelling.command.AggregateRoot;

/** The shells, one for each kind of stream. */
final class Shells {
    private Shells() {}

    /**
     * A kind of stream.
     *
     * @param isLong whether it grows with the network's life, so that snapshots bound its loading
     */
    record Kind<T extends Shell<?, ?, ?>>(String type, Class<T> shell, Supplier<T> empty, boolean isLong) {}

    static List<Kind<?>> all() {
        return List.of(
                new Kind<>(StreamId.ACCOUNT, AccountShell.class, AccountShell::new, true),
                new Kind<>(StreamId.PROVIDER, ProviderShell.class, ProviderShell::new, false),
                new Kind<>(StreamId.MACHINE, MachineShell.class, MachineShell::new, true),
                new Kind<>(StreamId.JOB, JobShell.class, JobShell::new, false),
                new Kind<>(StreamId.CHECKER, CheckerShell.class, CheckerShell::new, false),
                new Kind<>(StreamId.POOL, PoolShell.class, PoolShell::new, true),
                new Kind<>(StreamId.ROUND, RoundShell.class, RoundShell::new, false),
                new Kind<>(StreamId.EPOCH, EpochShell.class, EpochShell::new, false),
                new Kind<>(StreamId.PROPOSAL, ProposalShell.class, ProposalShell::new, true),
                new Kind<>(StreamId.PROTOCOL, ProtocolShell.class, ProtocolShell::new, false),
                new Kind<>(StreamId.CASE, CaseShell.class, CaseShell::new, false));
    }

    @AggregateRoot(type = StreamId.ACCOUNT)
    static final class AccountShell extends Shell<AccountCommand, AccountEvent, Account> {
        AccountShell() {
            super(Account.EMPTY);
        }

        @Override
        List<AccountEvent> decide(Account before, AccountCommand command) {
            return before.decide(command);
        }

        @Override
        Account evolve(Account before, AccountEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Account current) {
            return false;
        }
    }

    @AggregateRoot(type = StreamId.PROVIDER)
    static final class ProviderShell extends Shell<ProviderCommand, ProviderEvent, Provider> {
        ProviderShell() {
            super(Provider.EMPTY);
        }

        @Override
        List<ProviderEvent> decide(Provider before, ProviderCommand command) {
            return before.decide(command);
        }

        @Override
        Provider evolve(Provider before, ProviderEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Provider current) {
            return false;
        }
    }

    @AggregateRoot(type = StreamId.MACHINE)
    static final class MachineShell extends Shell<MachineCommand, MachineEvent, Machine> {
        MachineShell() {
            super(Machine.EMPTY);
        }

        @Override
        List<MachineEvent> decide(Machine before, MachineCommand command) {
            return before.decide(command);
        }

        @Override
        Machine evolve(Machine before, MachineEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Machine current) {
            return current.standing() == Machine.Standing.RETIRED;
        }
    }

    @AggregateRoot(type = StreamId.JOB)
    static final class JobShell extends Shell<JobCommand, JobEvent, Job> {
        JobShell() {
            super(Job.empty());
        }

        @Override
        List<JobEvent> decide(Job before, JobCommand command) {
            return before.decide(command);
        }

        @Override
        Job evolve(Job before, JobEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Job current) {
            return current instanceof Job.Settled;
        }
    }

    @AggregateRoot(type = StreamId.CHECKER)
    static final class CheckerShell extends Shell<CheckerCommand, CheckerEvent, Checker> {
        CheckerShell() {
            super(Checker.EMPTY);
        }

        @Override
        List<CheckerEvent> decide(Checker before, CheckerCommand command) {
            return before.decide(command);
        }

        @Override
        Checker evolve(Checker before, CheckerEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Checker current) {
            return false;
        }
    }

    @AggregateRoot(type = StreamId.POOL)
    static final class PoolShell extends Shell<StakePoolCommand, StakePoolEvent, StakePool> {
        PoolShell() {
            super(StakePool.EMPTY);
        }

        @Override
        List<StakePoolEvent> decide(StakePool before, StakePoolCommand command) {
            return before.decide(command);
        }

        @Override
        StakePool evolve(StakePool before, StakePoolEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(StakePool current) {
            return false;
        }
    }

    @AggregateRoot(type = StreamId.PROPOSAL)
    static final class ProposalShell extends Shell<ProposalCommand, ProposalEvent, Proposal> {
        ProposalShell() {
            super(Proposal.EMPTY);
        }

        @Override
        List<ProposalEvent> decide(Proposal before, ProposalCommand command) {
            return before.decide(command);
        }

        @Override
        Proposal evolve(Proposal before, ProposalEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Proposal current) {
            return current.stage().isOver();
        }
    }

    @AggregateRoot(type = StreamId.ROUND)
    static final class RoundShell extends Shell<RoundCommand, RoundEvent, Round> {
        RoundShell() {
            super(Round.EMPTY);
        }

        @Override
        List<RoundEvent> decide(Round before, RoundCommand command) {
            return before.decide(command);
        }

        @Override
        Round evolve(Round before, RoundEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Round current) {
            return current.closed();
        }
    }

    @AggregateRoot(type = StreamId.EPOCH)
    static final class EpochShell extends Shell<EpochCommand, EpochEvent, Epoch> {
        EpochShell() {
            super(Epoch.EMPTY);
        }

        @Override
        List<EpochEvent> decide(Epoch before, EpochCommand command) {
            return before.decide(command);
        }

        @Override
        Epoch evolve(Epoch before, EpochEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Epoch current) {
            return current.closedHead() != null
                    && current.anchored().size() == current.batches().size();
        }
    }

    @AggregateRoot(type = StreamId.PROTOCOL)
    static final class ProtocolShell extends Shell<ProtocolCommand, ProtocolEvent, Protocol> {
        ProtocolShell() {
            super(Protocol.EMPTY);
        }

        @Override
        List<ProtocolEvent> decide(Protocol before, ProtocolCommand command) {
            return before.decide(command);
        }

        @Override
        Protocol evolve(Protocol before, ProtocolEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(Protocol current) {
            return false;
        }
    }

    @AggregateRoot(type = StreamId.CASE)
    static final class CaseShell extends Shell<CaseCommand, CaseEvent, PenaltyCase> {
        CaseShell() {
            super(PenaltyCase.EMPTY);
        }

        @Override
        List<CaseEvent> decide(PenaltyCase before, CaseCommand command) {
            return before.decide(command);
        }

        @Override
        PenaltyCase evolve(PenaltyCase before, CaseEvent event) {
            return before.evolve(event);
        }

        @Override
        boolean isOver(PenaltyCase current) {
            return current.isOver();
        }
    }
}
