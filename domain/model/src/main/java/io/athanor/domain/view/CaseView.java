package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyShare;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A case file: everything about one penalty. Amounts in wei, rates in bps.
 *
 * @param amount at risk, {@code taken} when it was executed
 * @param history what happened, oldest first
 */
public record CaseView(
        CaseId id,
        String stage,
        PoolId accused,
        Offence offence,
        long rateBps,
        Ath amount,
        Ath taken,
        int formulaVersion,
        @Nullable Wallet reporter,
        @Nullable Instant stayUntil,
        @Nullable AppealLodged appeal,
        @Nullable AppealDecided decision,
        List<PenaltyShare> shares,
        List<CaseStep> history,
        Instant openedAt,
        long asOf) {
    public CaseView {
        shares = List.copyOf(shares);
        history = List.copyOf(history);
    }

    /** One step, in words. */
    public record CaseStep(Instant at, String event, String detail) {}
}
