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
    }

    @AggregateRoot(type = StreamId.PROVIDER)
    static final class ProviderShell extends Shell<ProviderCommand, ProviderEvent, Provider> {
        ProviderShell() {
            super(Provider.EMPTY);
        }
    }

    @AggregateRoot(type = StreamId.MACHINE)
    static final class MachineShell extends Shell<MachineCommand, MachineEvent, Machine> {
        MachineShell() {
            super(Machine.EMPTY);
        }
    }

    @AggregateRoot(type = StreamId.JOB)
    static final class JobShell extends Shell<JobCommand, JobEvent, Job> {
        JobShell() {
            super(Job.empty());
        }
    }

    @AggregateRoot(type = StreamId.CHECKER)
    static final class CheckerShell extends Shell<CheckerCommand, CheckerEvent, Checker> {
        CheckerShell() {
            super(Checker.EMPTY);
        }
    }

    @AggregateRoot(type = StreamId.POOL)
    static final class PoolShell extends Shell<StakePoolCommand, StakePoolEvent, StakePool> {
        PoolShell() {
            super(StakePool.EMPTY);
        }
    }

    @AggregateRoot(type = StreamId.PROPOSAL)
    static final class ProposalShell extends Shell<ProposalCommand, ProposalEvent, Proposal> {
        ProposalShell() {
            super(Proposal.EMPTY);
        }
    }

    @AggregateRoot(type = StreamId.ROUND)
    static final class RoundShell extends Shell<RoundCommand, RoundEvent, Round> {
        RoundShell() {
            super(Round.EMPTY);
        }
    }

    @AggregateRoot(type = StreamId.EPOCH)
    static final class EpochShell extends Shell<EpochCommand, EpochEvent, Epoch> {
        EpochShell() {
            super(Epoch.EMPTY);
        }
    }

    @AggregateRoot(type = StreamId.PROTOCOL)
    static final class ProtocolShell extends Shell<ProtocolCommand, ProtocolEvent, Protocol> {
        ProtocolShell() {
            super(Protocol.EMPTY);
        }
    }

    @AggregateRoot(type = StreamId.CASE)
    static final class CaseShell extends Shell<CaseCommand, CaseEvent, PenaltyCase> {
        CaseShell() {
            super(PenaltyCase.EMPTY);
        }
    }
}
