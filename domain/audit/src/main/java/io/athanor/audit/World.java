package io.athanor.audit;

import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountCommand;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.attestation.RoundCommand;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.checker.CheckerCommand;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochCommand;
import io.athanor.domain.epoch.EpochEvent;
import io.athanor.domain.governance.Proposal;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.ledger.Balances;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.penalty.CaseCommand;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.DowntimeSchedules;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderCommand;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolCommand;
import io.athanor.domain.stake.StakePoolEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Every stream's state and the ledger, folded from the history so far by the same pure functions as the node's. */
final class World {
    final TreeMap<Wallet, Account> accounts = new TreeMap<>();
    final TreeMap<Wallet, Provider> providers = new TreeMap<>();
    final TreeMap<MachineId, Machine> machines = new TreeMap<>();
    final TreeMap<TaskId, Job> tasks = new TreeMap<>();
    final TreeMap<Wallet, Checker> checkers = new TreeMap<>();
    final TreeMap<PoolId, StakePool> pools = new TreeMap<>();
    final TreeMap<ProposalId, Proposal> proposals = new TreeMap<>();
    final TreeMap<RoundId, Round> rounds = new TreeMap<>();
    final TreeMap<Long, Epoch> epochs = new TreeMap<>();
    final TreeMap<StreamId, Long> sequences =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    final Balances balances = new Balances();
    final TreeMap<CaseId, PenaltyCase> cases = new TreeMap<>();
    Protocol protocol = Protocol.EMPTY;
    /** Whether the event that is looked at was written by an earlier program, see {@link Revisions}. */
    boolean earlier;

    private final List<ParametersActivated> versions = new ArrayList<>();
    private DowntimeSchedules schedules = DowntimeSchedules.NONE;

    /** Applies one event. Error: {@link IllegalStateException} where the history itself is impossible. */
    void apply(Event event) {
        fold(event);
        balances.apply(event);
    }

    /** Applies one event to its stream's state alone, and leaves the ledger out. */
    void fold(Event event) {
        switch (event) {
            case AccountEvent e -> accounts.put(e.wallet(), account(e.wallet()).evolve(e));
            case ProviderEvent e ->
                providers.put(
                        e.provider(),
                        providers.getOrDefault(e.provider(), Provider.EMPTY).evolve(e));
            case MachineEvent e ->
                machines.put(e.machine(), machine(e.machine()).evolve(e));
            case JobEvent e -> tasks.put(e.task(), task(e.task()).evolve(e));
            case CheckerEvent e ->
                checkers.put(
                        e.checker(),
                        checkers.getOrDefault(e.checker(), Checker.EMPTY).evolve(e));
            case StakePoolEvent e ->
                pools.put(
                        e.pool(), pools.getOrDefault(e.pool(), StakePool.EMPTY).evolve(e));
            case ProposalEvent e ->
                proposals.put(
                        e.proposal(),
                        proposals.getOrDefault(e.proposal(), Proposal.EMPTY).evolve(e));
            case RoundEvent e -> rounds.put(e.round(), round(e.round()).evolve(e));
            case EpochEvent e -> epochs.put(e.epoch(), epoch(e.epoch()).evolve(e));
            case ProtocolEvent e -> protocol(e);
            case CaseEvent e ->
                cases.put(e.id(), cases.getOrDefault(e.id(), PenaltyCase.EMPTY).evolve(e));
            default -> throw new IllegalStateException("an event of no known family: " + event.getClass());
        }
    }

    /** What the command's stream decides in this state. Error: {@link io.athanor.domain.common.Refused}. */
    List<? extends Event> decide(Command command) {
        return switch (command) {
            case AccountCommand c -> account(c.wallet()).decide(c);
            case ProviderCommand c ->
                providers.getOrDefault(c.provider(), Provider.EMPTY).decide(c);
            case MachineCommand c -> machine(c.machine()).decide(c);
            case JobCommand c -> task(c.task()).decide(c);
            case CheckerCommand c ->
                checkers.getOrDefault(c.checker(), Checker.EMPTY).decide(c);
            case StakePoolCommand c ->
                pools.getOrDefault(c.pool(), StakePool.EMPTY).decide(c);
            case RoundCommand c -> round(c.round()).decide(c);
            case EpochCommand c -> epoch(c.epoch()).decide(c);
            case ProtocolCommand c -> protocol.decide(c);
            case CaseCommand c -> penaltyCase(c.id()).decide(c);
            default -> throw new IllegalStateException("a command of no known family: " + command.getClass());
        };
    }

    private void protocol(ProtocolEvent event) {
        protocol = protocol.evolve(event);
        if (event instanceof ParametersActivated e) {
            versions.add(e);
            schedules = schedules.with(e);
        }
    }

    /** The parameters that an epoch runs under. Error: {@link IllegalStateException} before the network began. */
    ProtocolParameters parametersOf(long epoch) {
        return Protocol.versionOf(epoch, versions)
                .orElseThrow(() -> new IllegalStateException("the network has not begun"))
                .parameters();
    }

    /** Of downtime, each that there was. */
    DowntimeSchedules schedules() {
        return schedules;
    }

    /** A version of the parameters. */
    Optional<ParametersActivated> version(int version) {
        return versions.stream().filter(v -> v.version() == version).findFirst();
    }

    Account account(Wallet wallet) {
        return accounts.getOrDefault(wallet, Account.EMPTY);
    }

    Machine machine(MachineId machine) {
        return machines.getOrDefault(machine, Machine.EMPTY);
    }

    Job task(TaskId task) {
        Job state = tasks.get(task);
        return state == null ? Job.empty() : state;
    }

    Round round(RoundId round) {
        return rounds.getOrDefault(round, Round.EMPTY);
    }

    PenaltyCase penaltyCase(CaseId id) {
        return cases.getOrDefault(id, PenaltyCase.EMPTY);
    }

    Epoch epoch(long epoch) {
        return epochs.getOrDefault(epoch, Epoch.EMPTY);
    }
}
