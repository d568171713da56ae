package io.athanor.saga.attestation;

import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.saga.attestation.Draws.Basis;
import io.athanor.saga.attestation.Draws.Windows;
import io.athanor.saga.live.LiveSet;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Draws the committee of an appeal: nobody of the accused's group, nobody who judged the same before. */
public final class AppealRounds {
    private final LiveSet live;
    private final Draws draws;
    private final Waiting waiting;

    public AppealRounds(LiveSet live, Waiting waiting) {
        this.live = live;
        this.draws = new Draws(live);
        this.waiting = waiting;
    }

    /** The order that opens a round of the newest epoch; null where fewer than two may judge. */
    public @Nullable OpenRound open(CaseId id, Offence offence, Instant now) {
        Long epoch = live.newestEpoch();
        Basis basis = epoch == null ? null : draws.basis(epoch);
        if (epoch == null || basis == null) {
            return null;
        }
        int shard = (int) live.roundsOf(epoch).stream()
                .filter(round -> round.kind() == RoundId.Kind.APPEAL)
                .count();
        RoundId round = new RoundId(epoch, RoundId.Kind.APPEAL, shard, 0);
        Wallet accused = offence.accused().operator();
        Windows windows = Windows.from(now, basis.parameters());
        Set<String> excluded = excluded(offence);
        OpenRound open = basis.open(round, List.of(new CaseSubject(id, accused)), excluded, windows, now);
        if (open == null) {
            waiting.forCheckers(
                    epoch, RoundId.Kind.APPEAL, 1, basis.eligible(excluded).size());
        }
        return open;
    }

    private Set<String> excluded(Offence offence) {
        Wallet accused = offence.accused().operator();
        Set<String> groups = new TreeSet<>();
        groups.add(
                switch (offence.accused().kind()) {
                    case PROVIDER -> live.ownerGroup(accused);
                    case CHECKER -> Checker.groupOf(live.checker(accused), accused);
                });
        if (offence instanceof Downtime downtime) {
            groups.addAll(downtime.judges());
        }
        return groups;
    }
}
