package io.athanor.saga.live;

import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.TrackRecord;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.protocol.Economy.CheckerPay;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.Losses;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.RedelegationSlashed;
import io.athanor.saga.routing.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The part of the fold that accountability needs: outages, cases, slashes, appeals, and the records of checkers. */
final class LivePenalties {
    private final Live live;
    private final Consumer<Instance> touch;

    LivePenalties(Live live, Consumer<Instance> touch) {
        this.live = live;
        this.touch = touch;
    }

    void lost(LiveTask task, JobLost lost) {
        if (task.job() instanceof Job.Leased leased) {
            LostLease lease = LostLease.of(leased, lost);
            live.changeMachine(leased.lease().machine(), machine -> machine.away(outage -> outage.losing(lease)));
        }
    }

    void apply(CaseEvent event) {
        LiveCase before = live.cases.get(event.id());
        if (before != null || event instanceof CaseEvent.CaseOpened) {
            live.cases.put(event.id(), (before == null ? LiveCase.NEW : before).evolve(event));
            touch.accept(Instance.penaltyCase(event.id()));
        }
        if (before != null
                && event instanceof CaseEvent.ReviewClosed closed
                && !closed.restituted().isZero()) {
            front(before.state().fronted());
        }
        if (event instanceof CaseEvent.CaseOpened opened && opened.offence() instanceof Offence.Downtime downtime) {
            live.changeMachine(
                    downtime.machine(),
                    known -> known.away(
                            outage -> outage.since().equals(downtime.since()) ? outage.in(opened.id()) : outage));
            LiveMachine machine = live.machines.get(downtime.machine());
            Outage outage = machine == null ? null : machine.outage();
            Instant ended = outage != null && outage.since().equals(downtime.since()) ? outage.ended() : opened.at();
            if (ended != null) {
                changeCase(event.id(), known -> known.ended(ended));
            }
        }
    }

    /** What penalties bring the treasury is not counted in it, so that restitutions find it there. */
    private void front(Ath amount) {
        LiveNetwork known = live.network.get(Live.NETWORK);
        if (known != null) {
            live.network.put(Live.NETWORK, known.treasuryPaid(amount));
        }
    }

    private void changeCase(CaseId id, UnaryOperator<LiveCase> change) {
        LiveCase known = live.cases.get(id);
        if (known != null) {
            live.cases.put(id, change.apply(known));
            touch.accept(Instance.penaltyCase(id));
        }
    }

    void outageEnded(MachineWentOnline event) {
        for (CaseId id : List.copyOf(live.cases.keys())) {
            LiveCase known = live.cases.get(id);
            boolean same = known != null
                    && !known.state().isOver()
                    && known.state().known().offence() instanceof Offence.Downtime d
                    && d.machine().equals(event.machine());
            if (same) {
                changeCase(id, c -> c.ended(event.at()));
            }
        }
    }

    void slashed(VestingSlashed event) {
        changeCase(event.penaltyCase(), known -> known.tookRewards(event.wallet(), event.taken()));
    }

    void slashed(StakePool before, StakePoolEvent event) {
        switch (event) {
            case PoolSlashed e -> {
                Map<Wallet, Ath> losses = Losses.of(before, e);
                changeCase(e.penaltyCase(), known -> known.took(losses));
            }
            case RedelegationSlashed e ->
                changeCase(e.penaltyCase(), known -> known.took(Map.of(e.delegator(), e.taken())));
            default -> {
                // No penalty.
            }
        }
    }

    void appeals(RoundOpened opened, Function<Subject.CaseSubject, LiveCase.Outcome> outcome) {
        for (Subject subject : opened.subjects()) {
            if (subject instanceof Subject.CaseSubject known) {
                changeCase(known.penaltyCase(), c -> c.with(opened.round(), outcome.apply(known)));
            }
        }
    }

    void marked(RoundId round, List<Consistency> members) {
        LiveNetwork known = live.network.get(Live.NETWORK);
        var version = known == null ? null : known.parametersOf(round.epoch());
        if (version != null) {
            int window = version.parameters().accountable().jail().windowDays();
            long day = round.epoch() / version.parameters().timing().epochsPerDay();
            int together = TrackRecord.together(members);
            for (Consistency member : members) {
                TrackRecord before = live.records.get(member.checker());
                TrackRecord start = before == null ? TrackRecord.none() : before;
                TrackRecord after = start.after(day, member.mark(), together, window);
                live.records.put(member.checker(), counted(after, round, member, version.parameters()));
                touch.accept(Instance.checker(member.checker()));
            }
        }
    }

    private static TrackRecord counted(
            TrackRecord record, RoundId round, Consistency member, ProtocolParameters parameters) {
        Earnings earnings = parameters.economics().earnings();
        CheckerPay pay = earnings == null ? null : earnings.checkers();
        return pay == null
                ? record
                : record.counted(
                        pay.quarter(round.epoch(), parameters.timing().epochsPerDay()), round.kind(), member.mark());
    }

    private void foundOffline(LiveRound round, MachineId machine) {
        RoundOpened opened = round.opened();
        List<String> groups = opened.committee().stream()
                .map(Seat::checker)
                .map(this::groupOf)
                .distinct()
                .toList();
        live.changeMachine(
                machine,
                known -> known.away(outage -> outage.since().isBefore(opened.commitFrom())
                                && (outage.ended() == null || outage.ended().isAfter(opened.at()))
                        ? outage.attested(opened.round(), groups)
                        : outage));
        touch.accept(Instance.machine(machine));
    }

    private String groupOf(Wallet checker) {
        return Checker.groupOf(live.checkers.get(checker), checker);
    }

    /** A case that is over counts towards the limits for some days. */
    void forget(Instant now) {
        LiveNetwork known = live.network.get(Live.NETWORK);
        if (known == null || known.protocol().inForce() == null) {
            return;
        }
        var parameters = known.protocol().current().parameters();
        long days = parameters.accountable().penalties().uncommitteed().days();
        Instant until = now.minusMillis(days * parameters.timing().dayMillis());
        for (CaseId id : List.copyOf(live.cases.keys())) {
            LiveCase penaltyCase = live.cases.get(id);
            boolean ended = penaltyCase != null && penaltyCase.state().isOver();
            Instant over = penaltyCase == null ? null : penaltyCase.overAt();
            if (ended && over != null && over.isBefore(until)) {
                live.cases.remove(id);
            }
        }
    }

    /** Machines that a quorum found gone. */
    void outages(LiveRound round) {
        for (Subject subject : round.opened().subjects()) {
            var verdict = round.verdictOf(subject.key());
            if (verdict != null
                    && verdict.fact() == Finding.Fact.OFFLINE
                    && subject instanceof Subject.MachineSubject known) {
                foundOffline(round, known.machine());
            }
        }
    }
}
