package io.athanor.apitest;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.view.CaseView;
import java.util.List;

/** Case files from the state of their streams. */
final class MemoryCases {
    private MemoryCases() {}

    static CaseView view(CaseId id, PenaltyCase state, long asOf) {
        CaseOpened opened = state.known();
        Authorization by = opened.authorization();
        return new CaseView(
                id,
                state.stage().name(),
                opened.offence().accused(),
                opened.offence(),
                opened.rateBps(),
                state.amount(),
                Ath.ZERO,
                opened.formulaVersion(),
                by == null ? null : by.wallet(),
                state.stayUntil(),
                state.appeal(),
                state.decision(),
                List.of(),
                List.of(),
                opened.at(),
                asOf);
    }
}
