package io.athanor.audit;

import io.athanor.audit.WhatIfReport.SlashChange;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakePool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The penalties of a range under another table: those of the recorded cases, and those of outages that cost leases and no
 * stake.
 *
 * <p>A dismissed case counts as nothing in both worlds: what excused it excuses it there too.
 */
final class WhatIfSlashes {
    private final ProtocolParameters proposed;
    private final Map<CaseId, Line> cases = new LinkedHashMap<>();
    private final Map<MachineId, Outage> outages = new HashMap<>();
    private final List<SlashChange> uncharged = new ArrayList<>();

    WhatIfSlashes(ProtocolParameters proposed) {
        this.proposed = proposed;
    }

    /** A recorded case. */
    private static final class Line {
        private final CaseOpened opened;
        private final Ath atRisk;
        private Ath amount;
        private Instant until;

        Line(CaseOpened opened, Ath atRisk) {
            this.opened = opened;
            this.atRisk = atRisk;
            this.amount = opened.amount();
            this.until = opened.at();
        }
    }

    /** A machine that is away. */
    private static final class Outage {
        private final Instant since;
        private final List<LostLease> leases = new ArrayList<>();
        private boolean charged;

        Outage(Instant since) {
            this.since = since;
        }
    }

    void look(World before, Event event, boolean inRange) {
        switch (event) {
            case MachineWentOffline e when inRange -> outages.put(e.machine(), new Outage(e.at()));
            case JobLost e when e.ending() == Ending.MACHINE_OFFLINE -> lost(before, e);
            case CaseOpened e when inRange -> opened(before, e);
            case PenaltyRaised e -> raised(e);
            case CaseDismissed e -> cases.remove(e.id());
            case MachineWentOnline e -> back(before, e);
            default -> {
                // Nobody is accused.
            }
        }
    }

    private void lost(World before, JobLost e) {
        if (before.task(e.task()) instanceof Job.Leased leased) {
            Outage outage = outages.get(leased.lease().machine());
            if (outage != null) {
                outage.leases.add(LostLease.of(leased, e));
            }
        }
    }

    private void opened(World before, CaseOpened e) {
        PoolId accused = e.offence().accused();
        Ath atRisk = before.pools.getOrDefault(accused, StakePool.EMPTY).atRisk(e.offenceDay());
        cases.put(e.id(), new Line(e, atRisk));
        if (e.offence() instanceof Downtime outage && outages.containsKey(outage.machine())) {
            outages.get(outage.machine()).charged = true;
        }
    }

    private void raised(PenaltyRaised e) {
        Line line = cases.get(e.id());
        if (line != null) {
            line.amount = e.amount();
            line.until = e.at();
        }
    }

    /** The outage is over: what it costs in the other world stands. */
    private void back(World before, MachineWentOnline e) {
        cases.values().forEach(line -> {
            if (line.opened.offence() instanceof Downtime outage
                    && outage.machine().equals(e.machine())
                    && outages.containsKey(e.machine())) {
                line.until = e.at();
            }
        });
        Outage outage = outages.remove(e.machine());
        if (outage == null || outage.charged || outage.leases.isEmpty()) {
            return;
        }
        var machine = before.machine(e.machine());
        var owner = machine.provider();
        if (owner == null) {
            return;
        }
        int gpus = outage.leases.stream().mapToInt(LostLease::gpus).sum();
        Ath required = PenaltyPolicy.required(machine, gpus, proposed);
        Offence offence = new Downtime(
                PoolId.ofProvider(owner), e.machine(), outage.since, outage.leases, required, List.of(), List.of());
        StakePool pool = before.pools.getOrDefault(offence.accused(), StakePool.EMPTY);
        Ath amount = amount(offence, e.at(), pool.total());
        if (!amount.isZero()) {
            uncharged.add(new SlashChange(null, offence.accused(), offence.name(), Ath.ZERO, amount));
        }
    }

    private Ath amount(Offence offence, Instant until, Ath atRisk) {
        long rate = PenaltyPolicy.rateBps(offence, until, until, proposed);
        return PenaltyPolicy.amount(offence, rate, atRisk)
                .min(PenaltyPolicy.uncommitteedMost(atRisk, Ath.ZERO, proposed));
    }

    /** In the order in which the cases were opened, then those that never were. */
    List<SlashChange> all() {
        List<SlashChange> all = new ArrayList<>();
        cases.forEach((id, line) -> {
            Offence offence = line.opened.offence();
            all.add(new SlashChange(
                    id, offence.accused(), offence.name(), line.amount, amount(offence, line.until, line.atRisk)));
        });
        all.addAll(uncharged);
        return all;
    }
}
