package io.athanor.domain.attestation;

import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;

/** What happened to an attestation round. */
public sealed interface RoundEvent extends Event {
    RoundId round();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.ROUND, round());
    }

    record RoundOpened(
            RoundId round,
            long chainId,
            List<Subject> subjects,
            List<Seat> committee,
            int quorum,
            Draw draw,
            Instant commitFrom,
            Instant commitUntil,
            Instant revealUntil,
            Instant at)
            implements RoundEvent {
        public RoundOpened {
            subjects = List.copyOf(subjects);
            committee = List.copyOf(committee);
        }
    }

    record ReportCommitted(RoundId round, Wallet checker, Hash32 commitment, String signature, Instant at)
            implements RoundEvent {}

    record ReportRevealed(RoundId round, Wallet checker, Report report, Hash32 salt, String signature, Instant at)
            implements RoundEvent {}

    /** @param salts digest of the revealed salts in checker order, mixed into later draws */
    record RoundFinalized(
            RoundId round, List<Verdict> verdicts, List<Consistency> consistency, Hash32 salts, Instant at)
            implements RoundEvent {
        public RoundFinalized {
            verdicts = List.copyOf(verdicts);
            consistency = List.copyOf(consistency);
        }
    }

    /** Fewer seats than the quorum revealed: nothing is decided. */
    record RoundInconclusive(RoundId round, int revealedSeats, List<Consistency> consistency, Instant at)
            implements RoundEvent {
        public RoundInconclusive {
            consistency = List.copyOf(consistency);
        }
    }
}
