package io.athanor.api.command;

import io.athanor.codec.Json;
import io.athanor.domain.account.AccountCommand.CreditCanaries;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.canary.CanaryBook;
import io.athanor.domain.canary.CanaryOpening;
import io.athanor.domain.canary.CanaryOpening.Facts;
import io.athanor.domain.canary.CanaryOpening.Window;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryTask;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.PenaltyCase.Stage;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.Accountability.Canaries;
import io.athanor.domain.protocol.ProtocolCommand;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderEvent;
import io.athanor.domain.query.Queries.FindEpoch;
import io.athanor.domain.query.Queries.ListBalances;
import io.athanor.domain.query.Queries.ListCases;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.stake.StakeRules;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.LedgerBalance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens the mystery shopper's plan of an epoch that is over: who failed gets a case in the same order, and what the jobs cost
 * comes back from the treasury. Grades are taken from the events themselves, so that anybody takes them again.
 */
public record OpenCanaries(
        CanaryPlan plan,
        List<Ordered> orders,
        @Nullable List<Rerun> reruns,
        Authorization authorization,
        @Nullable Long chainId)
        implements SignedCommand {
    private static final int CASES_LOOKED_AT = 100;

    public OpenCanaries {
        orders = List.copyOf(orders);
        reruns = reruns == null ? null : List.copyOf(reruns);
    }

    private record Content(
            CanaryPlan plan, List<Ordered> orders, @Nullable List<Rerun> reruns) {}

    @Override
    public Hash32 struct() {
        return TypedEconomy.openCanaries(
                authorization.wallet(),
                Json.digest(plan),
                Json.digest(Rerun.Told.of(orders, reruns)),
                authorization.commandId(),
                authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(plan, orders, reruns);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        ProtocolParameters parameters = here.network().parameters();
        CanaryBook.requireShopper(plan, parameters, authorization);
        EpochView epoch = here.reads().get(new FindEpoch(plan.epoch()), EpochView.class, "epoch " + plan.epoch());
        Facts facts = new Facts(
                id -> task(here, id),
                () -> told().stream().map(rerun -> task(here, rerun.task())).toList(),
                id -> machine(here, id),
                wallet -> group(here, wallet),
                id -> round(here, id),
                wallet -> orderedBy(here, wallet),
                checker -> earlier(here, checker, parameters, at));
        Window window = new Window(epoch.startsAt(), epoch.endsAt(), epoch.blockHash());
        CanaryOpening opening = CanaryOpening.of(plan, orders, reruns, window, facts, parameters);
        Ath treasury = treasury(here);
        Ath paid = opening.cost().min(budget(parameters)).min(treasury);
        long newest = here.network().epoch(at);
        List<Command> all = new ArrayList<>();
        all.add(new ProtocolCommand.OpenCanaries(
                plan,
                Json.digest(plan),
                orders,
                paid,
                opening.undelivered(),
                reruns,
                opening.irreproducible(),
                treasury,
                newest,
                authorization,
                at));
        all.add(new CreditCanaries(authorization.wallet(), plan.epoch(), paid, at));
        opening.offences().forEach(offence -> all.add(open(here, offence, parameters, at)));
        return List.copyOf(all);
    }

    private List<Rerun> told() {
        return reruns == null ? List.of() : reruns;
    }

    private static Ath budget(ProtocolParameters parameters) {
        Canaries rules = parameters.accountable().canaries();
        return rules == null ? Ath.ZERO : rules.budget();
    }

    private static CanaryTask task(Surroundings here, TaskId id) {
        CanaryTask task = null;
        for (Event event : here.network().events(StreamId.of(StreamId.JOB, id))) {
            task = CanaryTask.after(task, (JobEvent) event);
        }
        if (task == null) {
            throw new Refused(Reason.NOT_FOUND, "no task " + id);
        }
        return task;
    }

    private static Machine machine(Surroundings here, MachineId id) {
        Machine machine = Machine.EMPTY;
        for (Event event : here.network().events(StreamId.of(StreamId.MACHINE, id))) {
            machine = machine.evolve((MachineEvent) event);
        }
        return machine;
    }

    private static String group(Surroundings here, Wallet wallet) {
        Provider provider = Provider.EMPTY;
        for (Event event : here.network().events(StreamId.of(StreamId.PROVIDER, wallet))) {
            provider = provider.evolve((ProviderEvent) event);
        }
        return provider.ownerGroup();
    }

    private static Set<JobId> orderedBy(Surroundings here, Wallet wallet) {
        return here.network().events(StreamId.of(StreamId.ACCOUNT, wallet)).stream()
                .filter(FundsHeld.class::isInstance)
                .map(event -> ((FundsHeld) event).job())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Round round(Surroundings here, RoundId id) {
        Round round = Round.EMPTY;
        for (Event event : here.network().events(StreamId.of(StreamId.ROUND, id))) {
            round = round.evolve((RoundEvent) event);
        }
        return round;
    }

    private static int earlier(Surroundings here, Wallet checker, ProtocolParameters parameters, Instant at) {
        Instant from = PenaltyPolicy.canariesFrom(at, parameters);
        ListCases ofPool = new ListCases(PoolId.ofChecker(checker), null, CASES_LOOKED_AT);
        return (int) here.reads().page(ofPool, CaseView.class).items().stream()
                .filter(file -> file.offence() instanceof FailedCanary
                        && !file.stage().equals(Stage.DISMISSED.name())
                        && !file.openedAt().isBefore(from))
                .count();
    }

    /** What is at risk follows from the pool: the case's process freezes it as soon as it sees the case. */
    private static OpenCase open(Surroundings here, Offence offence, ProtocolParameters parameters, Instant at) {
        long rate = PenaltyPolicy.rateBps(offence, null, at, parameters);
        long day = StakeRules.day(offence.since(), here.network().identity().genesis(), parameters.timing());
        int version = PenaltyPolicy.versionOf(offence, parameters);
        return new OpenCase(offence.caseId(), offence, rate, Ath.ZERO, day, version, null, at);
    }

    private static Ath treasury(Surroundings here) {
        String name = LedgerAccount.TREASURY.toString();
        String before = name.substring(0, name.length() - 1);
        return here.reads().page(new ListBalances(before, 1), LedgerBalance.class).items().stream()
                .filter(line -> line.account().equals(name) && line.received().covers(line.sent()))
                .map(line -> line.received().minus(line.sent()))
                .findFirst()
                .orElse(Ath.ZERO);
    }
}
