package io.athanor.audit;

import io.athanor.codec.Json;
import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.checker.CheckerEvent;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.epoch.EpochFacts.AssessedTask;
import io.athanor.domain.epoch.RewardFormula;
import io.athanor.domain.epoch.RewardStatement;
import io.athanor.domain.governance.ProposalEvent;
import io.athanor.domain.job.Admission;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.protocol.ParameterBounds;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.ProviderEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replays a range of the history under other parameters, in memory and beside nothing else: verdicts, bills, rewards,
 * penalties and admission are decided again by the same pure functions as the network's.
 *
 * <p>All events from the first on are folded, since the range stands on them; only epochs of the range are compared. The
 * reserves of the other world are its own: what it gives less stays in them. Not thread-safe. Error:
 * {@link io.athanor.domain.common.Refused} PARAMETER_OUT_OF_BOUNDS where the parameters could never be in force.
 */
public final class WhatIf {
    /** A range is at most so many settlement days. */
    public static final int DAYS_MAX = 366;

    private static final List<Class<? extends Event>> UNREAD = List.of(
            AccountEvent.class,
            ProviderEvent.class,
            CheckerEvent.class,
            ProposalEvent.class,
            ReportCommitted.class,
            ReportRevealed.class,
            GpusReserved.class,
            GpusReleased.class,
            JobFunded.class,
            PlacementDecided.class,
            SettlementBatched.class,
            SettlementAnchored.class,
            WithdrawalsRooted.class,
            WithdrawalsAnchored.class);

    private final ProtocolParameters proposed;
    private final long fromEpoch;
    private final long toEpoch;
    private final World world = new World();
    private final EpochEvidence evidence = new EpochEvidence();
    private final WhatIfSlashes slashes;
    private final WhatIfSums sums = new WhatIfSums();
    private final Map<RoundId, Map<String, Verdict>> verdicts = new HashMap<>();
    private final Map<TaskId, Assessment> assessed = new HashMap<>();
    private final Map<Long, Books> open = new HashMap<>();
    private final TreeMap<String, Long> refused = new TreeMap<>();
    private final Reserves recorded = new Reserves();
    private final Reserves then = new Reserves();
    private long newestEpoch = -1;
    private long first = -1;
    private long last = -1;
    private long events;
    private long jobs;

    /** @param toEpoch the last epoch of the range, inclusive */
    public WhatIf(ProtocolParameters proposed, long fromEpoch, long toEpoch) {
        ParameterBounds.require(proposed);
        this.proposed = proposed;
        this.fromEpoch = fromEpoch;
        this.toEpoch = toEpoch;
        this.slashes = new WhatIfSlashes(proposed);
    }

    /** One epoch from its rewards to its close. */
    private static final class Books {
        private final EpochEvidence.Snapshot snapshot;
        private final TreeMap<TaskId, JobSettled> tasks = new TreeMap<>();

        Books(EpochEvidence.Snapshot snapshot) {
            this.snapshot = snapshot;
        }
    }

    /** What the emission reserves of one of the two worlds still hold. */
    private static final class Reserves {
        private Ath provider = Ath.ZERO;
        private Ath checker = Ath.ZERO;

        void credit(ReserveCredited e) {
            provider = e.reserve() == Reserve.PROVIDER ? provider.plus(e.amount()) : provider;
            checker = e.reserve() == Reserve.CHECKER ? checker.plus(e.amount()) : checker;
        }

        void pay(Ath providers, Ath checkers) {
            provider = provider.minus(providers);
            checker = checker.minus(checkers);
        }
    }

    /**
     * Whether any rule that is decided again reads events of this type. Accounts, providers, checkers and proposals decide
     * nothing here, nor do the salts of a round, the GPUs that a lease holds, and what was put on the chain.
     */
    static boolean reads(Class<? extends Event> type) {
        return UNREAD.stream().noneMatch(family -> family.isAssignableFrom(type));
    }

    /** Takes the next event of the history; null stands for one that is not {@link #reads read}. */
    public void accept(@Nullable Event event) {
        events++;
        if (event == null || !reads(event.getClass())) {
            return;
        }
        evidence.look(world, event);
        slashes.look(world, event, inRange(newestEpoch));
        look(event);
        world.fold(event);
    }

    private boolean inRange(long epoch) {
        return epoch >= fromEpoch && epoch <= toEpoch;
    }

    private void look(Event event) {
        switch (event) {
            case EpochOpened e -> newestEpoch = e.epoch();
            case ReserveCredited e -> {
                recorded.credit(e);
                then.credit(e);
            }
            case RoundFinalized e when e.round().kind() != RoundId.Kind.LIVENESS -> keep(e);
            case JobSubmitted e when inRange(newestEpoch) -> admit(e);
            case SlaAssessed e -> assess(e);
            case RewardsComputed e -> computed(e);
            case JobSettled e -> settled(e);
            case EpochClosed e -> closed(e);
            default -> {
                // Neither money nor admission.
            }
        }
    }

    private void keep(RoundFinalized e) {
        Map<String, Verdict> bySubject = new HashMap<>();
        e.verdicts().forEach(verdict -> bySubject.put(verdict.subject(), verdict));
        verdicts.put(e.round(), bySubject);
    }

    private void admit(JobSubmitted e) {
        jobs++;
        try {
            Admission.require(e.spec(), proposed);
        } catch (Refused priced) {
            refused.merge(priced.reason().name(), 1L, Long::sum);
        }
    }

    private void assess(SlaAssessed e) {
        if (world.task(e.task()) instanceof Job.Ended ended) {
            RoundId round = e.assessment().round();
            assessed.put(e.task(), SlaVerdict.assess(ended, verdict(ended, round), round, proposed));
        }
    }

    private @Nullable Verdict verdict(Job.Ended ended, @Nullable RoundId round) {
        LeaseId lease = ended.receipt() == null ? null : ended.receipt().lease();
        Map<String, Verdict> bySubject = round == null ? null : verdicts.get(round);
        return lease == null || bySubject == null ? null : bySubject.get(lease.toString());
    }

    private void computed(RewardsComputed e) {
        open.put(e.epoch(), new Books(evidence.snapshot(e.epoch(), world, recorded.provider, recorded.checker)));
        recorded.pay(e.providerEmission(), e.checkerEmission());
        if (!inRange(e.epoch())) {
            then.pay(
                    e.providerEmission().min(then.provider), e.checkerEmission().min(then.checker));
        }
    }

    private void settled(JobSettled e) {
        Books books = open.get(e.epoch());
        if (books != null) {
            books.tasks.put(e.task(), e);
        }
    }

    private void closed(EpochClosed e) {
        Books books = open.remove(e.epoch());
        if (books == null) {
            return;
        }
        Map<MachineId, int[]> record = evidence.record(books.tasks.values());
        if (inRange(e.epoch())) {
            compare(e.epoch(), books, record);
        }
        books.tasks.keySet().forEach(assessed::remove);
        verdicts.keySet().removeIf(round -> round.epoch() < e.epoch() - 2);
    }

    private void compare(long epoch, Books books, Map<MachineId, int[]> record) {
        List<AssessedTask> as = new ArrayList<>();
        List<AssessedTask> other = new ArrayList<>();
        for (JobSettled task : books.tasks.values()) {
            Assessment judged = assessed.getOrDefault(task.task(), task.assessment());
            as.add(new AssessedTask(task.task(), task.client(), task.provider(), task.assessment()));
            other.add(new AssessedTask(task.task(), task.client(), task.provider(), judged));
        }
        RewardStatement recordedOne =
                RewardFormula.compute(evidence.facts(books.snapshot, as, record), books.snapshot.parameters());
        RewardStatement thenOne = RewardFormula.compute(
                evidence.facts(books.snapshot.under(proposed, then.provider, then.checker), other, record), proposed);
        then.pay(thenOne.providerEmission(), thenOne.checkerEmission());
        sums.add(epoch / proposed.timing().epochsPerDay(), recordedOne, thenOne);
        first = first < 0 ? epoch : first;
        last = epoch;
    }

    /** What the range came to so far. */
    public WhatIfReport report() {
        return sums.report(Json.digest(proposed), first, last, events, slashes.all(), jobs, refused);
    }
}
