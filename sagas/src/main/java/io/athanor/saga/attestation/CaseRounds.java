package io.athanor.saga.attestation;

import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.checker.Checker;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.saga.attestation.Draws.Basis;
import io.athanor.saga.attestation.Draws.Windows;
import io.athanor.saga.live.LiveSet;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Draws the committees of cases: nobody of the parties' groups, nobody who judged the same before. */
public final class CaseRounds {
    private final LiveSet live;
    private final Draws draws;
    private final Waiting waiting;

    public CaseRounds(LiveSet live, Waiting waiting) {
        this.live = live;
        this.draws = new Draws(live);
        this.waiting = waiting;
    }

    /** The order that opens a round of the newest epoch; null where fewer than two may judge. */
    public @Nullable OpenRound open(RoundId.Kind kind, PenaltyCase penaltyCase, Instant now) {
        Long epoch = live.newestEpoch();
        Basis basis = epoch == null ? null : draws.basis(epoch);
        if (epoch == null || basis == null) {
            return null;
        }
        int shard = (int) live.roundsOf(epoch).stream()
                .filter(round -> round.kind() == kind)
                .count();
        RoundId round = new RoundId(epoch, kind, shard, 0);
        CaseSubject subject = new CaseSubject(
                penaltyCase.known().id(),
                penaltyCase.known().offence().accused().operator());
        Windows windows = Windows.from(now, basis.parameters());
        Set<String> excluded = excluded(penaltyCase);
        OpenRound open = basis.open(round, List.of(subject), excluded, windows, now);
        if (open == null) {
            waiting.forCheckers(epoch, kind, 1, basis.eligible(excluded).size());
        }
        return open;
    }

    private Set<String> excluded(PenaltyCase penaltyCase) {
        Offence offence = penaltyCase.known().offence();
        Wallet accused = offence.accused().operator();
        Set<String> groups = new TreeSet<>(penaltyCase.judges());
        groups.add(
                switch (offence.accused().kind()) {
                    case PROVIDER -> live.ownerGroup(accused);
                    case CHECKER -> groupOf(accused);
                });
        if (offence instanceof Dispute dispute) {
            groups.add(groupOf(dispute.client()));
        }
        return groups;
    }

    private String groupOf(Wallet checker) {
        return Checker.groupOf(live.checker(checker), checker);
    }
}
