package io.athanor.query.view;

import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.RoundEvent;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attestation rounds, their results, and how far each member of a committee got. */
public final class RoundProjection implements Projection {
    private static final Table<RoundRow> ROUND = Table.of("round", RoundRow.class, "id");
    private static final Table<OpeningRow> OPENING = Table.of("round_opening", OpeningRow.class, "id");
    private static final Table<ResultRow> RESULT = Table.of("round_result", ResultRow.class, "id");
    private static final Table<SeatRow> SEAT = Table.of("round_seat", SeatRow.class, "round", "checker");

    private enum State {
        OPEN,
        FINALIZED,
        INCONCLUSIVE
    }

    private record RoundRow(
            RoundId id,
            long epoch,
            State state,
            long opened,
            @Nullable Instant closedAt,
            long asOf) {}

    private record OpeningRow(RoundId id, RoundOpened opening) {}

    private record ResultRow(RoundId id, List<Verdict> verdicts, List<Consistency> consistency) {}

    private record SeatRow(RoundId round, Wallet checker, boolean open, boolean committed, boolean revealed) {}

    @Override
    public String name() {
        return "rounds";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(ROUND, OPENING, RESULT, SEAT);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return RoundEvent.class.isAssignableFrom(type);
    }

    @Override
    public void declare(Event event, Keys keys) {
        RoundEvent of = (RoundEvent) event;
        keys.add(ROUND, of.round());
        switch (of) {
            case RoundOpened e -> e.committee().forEach(seat -> keys.add(SEAT, key(e, seat.checker())));
            case ReportCommitted e -> keys.add(SEAT, key(e, e.checker()));
            case ReportRevealed e -> keys.add(SEAT, key(e, e.checker()));
            case RoundFinalized e -> e.consistency().forEach(member -> keys.add(SEAT, key(e, member.checker())));
            case RoundInconclusive e -> e.consistency().forEach(member -> keys.add(SEAT, key(e, member.checker())));
        }
    }

    private static Object key(RoundEvent event, Wallet checker) {
        return List.of(event.round(), checker);
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        RoundEvent event = (RoundEvent) fact.readable();
        long index = fact.index();
        switch (event) {
            case RoundOpened e -> opened(e, index, rows);
            case ReportCommitted e -> seat(e, e.checker(), false, index, rows);
            case ReportRevealed e -> seat(e, e.checker(), true, index, rows);
            case RoundFinalized e -> closed(e, State.FINALIZED, e.verdicts(), e.consistency(), index, rows);
            case RoundInconclusive e -> closed(e, State.INCONCLUSIVE, List.of(), e.consistency(), index, rows);
        }
    }

    private static void opened(RoundOpened e, long index, Rows rows) {
        rows.put(ROUND, new RoundRow(e.round(), e.round().epoch(), State.OPEN, index, null, index));
        rows.add(OPENING, new OpeningRow(e.round(), e));
        for (Seat seat : e.committee()) {
            rows.put(SEAT, new SeatRow(e.round(), seat.checker(), true, false, false));
        }
    }

    private static void seat(RoundEvent event, Wallet checker, boolean revealed, long index, Rows rows) {
        SeatRow row = rows.get(SEAT, key(event, checker));
        rows.put(SEAT, new SeatRow(row.round(), checker, row.open(), true, revealed));
        RoundRow round = rows.get(ROUND, event.round());
        rows.put(
                ROUND, new RoundRow(round.id(), round.epoch(), round.state(), round.opened(), round.closedAt(), index));
    }

    private static void closed(
            RoundEvent event,
            State state,
            List<Verdict> verdicts,
            List<Consistency> consistency,
            long index,
            Rows rows) {
        RoundRow round = rows.get(ROUND, event.round());
        rows.put(ROUND, new RoundRow(round.id(), round.epoch(), state, round.opened(), event.at(), index));
        rows.add(RESULT, new ResultRow(round.id(), verdicts, consistency));
        for (Consistency member : consistency) {
            SeatRow row = rows.get(SEAT, key(event, member.checker()));
            rows.put(SEAT, new SeatRow(row.round(), row.checker(), false, row.committed(), row.revealed()));
        }
    }
}
