package io.athanor.query.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.CaseEvent;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.view.CaseView.CaseStep;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Case files: each case with its evidence, its amounts and every step. */
public final class CaseProjection implements Projection {
    private static final Table<CaseRow> CASE = Table.of("penalty_case", CaseRow.class, "id");

    private record CaseRow(
            CaseId id,
            PenaltyCase.Stage stage,
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
            long opened,
            long asOf,
            @Nullable PenaltyCase state) {
        /** After the state's own fold, with one more step. */
        CaseRow after(PenaltyCase now, CaseEvent event, long index) {
            List<CaseStep> more = new ArrayList<>(history);
            more.add(new CaseStep(event.at(), event.getClass().getSimpleName(), inWords(event)));
            long rate = event instanceof PenaltyRaised e ? e.rateBps() : rateBps;
            List<PenaltyShare> given = new ArrayList<>(shares);
            if (event instanceof PenaltyExecuted e) {
                given.addAll(e.shares());
            } else if (event instanceof ReviewClosed e) {
                given.addAll(e.shares());
            }
            return new CaseRow(
                    id,
                    now.stage(),
                    accused,
                    offence,
                    rate,
                    now.amount(),
                    event instanceof PenaltyExecuted e ? e.taken() : taken,
                    formulaVersion,
                    reporter,
                    now.stayUntil(),
                    now.appeal(),
                    now.decision(),
                    given,
                    more,
                    openedAt,
                    opened,
                    index,
                    now);
        }

        /** Error: {@link IllegalStateException} where an older program wrote the row. */
        PenaltyCase known() {
            if (state == null) {
                throw new IllegalStateException("case " + id + " was written without its state; rebuild the views");
            }
            return state;
        }
    }

    private static String inWords(CaseEvent event) {
        return switch (event) {
            case CaseOpened e ->
                e.offence().name() + ": " + e.rateBps() + " bps, " + e.amount().display();
            case PenaltyRaised e -> e.rateBps() + " bps, " + e.amount().display();
            case StayBegun e -> "an appeal may be lodged until " + e.until();
            case CaseJudged e ->
                e.ruling() + (e.round() == null ? ": no committee could be drawn" : " by round " + e.round());
            case AppealLodged e -> e.why() + " (bond " + e.bond().display() + ")";
            case AppealDecided e -> e.ruling() + " by round " + e.round();
            case PenaltyExecuted e ->
                e.taken().display() + " taken, " + e.shares().size() + " shares";
            case CaseDismissed e -> e.why();
            case ReviewClosed e ->
                e.restituted().isZero()
                        ? "the penalty stands"
                        : e.restituted().display() + " restituted to those who lost it";
        };
    }

    @Override
    public String name() {
        return "cases";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(CASE);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return CaseEvent.class.isAssignableFrom(type);
    }

    @Override
    public void declare(Event event, Keys keys) {
        keys.add(CASE, ((CaseEvent) event).id());
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        CaseEvent event = (CaseEvent) fact.readable();
        if (event instanceof CaseOpened e) {
            rows.put(CASE, opened(e, fact.index()));
        } else {
            CaseRow row = rows.get(CASE, event.id());
            rows.put(CASE, row.after(row.known().evolve(event), event, fact.index()));
        }
    }

    private static CaseRow opened(CaseOpened e, long index) {
        var by = e.authorization();
        PenaltyCase state = PenaltyCase.EMPTY.evolve(e);
        return new CaseRow(
                e.id(),
                state.stage(),
                e.offence().accused(),
                e.offence(),
                e.rateBps(),
                e.amount(),
                Ath.ZERO,
                e.formulaVersion(),
                by == null ? null : by.wallet(),
                null,
                null,
                null,
                List.of(),
                List.of(new CaseStep(e.at(), "CaseOpened", inWords(e))),
                e.at(),
                index,
                index,
                state);
    }
}
