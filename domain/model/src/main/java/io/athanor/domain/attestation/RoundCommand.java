package io.athanor.domain.attestation;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;

/** Orders to an attestation round. */
public sealed interface RoundCommand extends Command {
    RoundId round();

    @Override
    default StreamId stream() {
        return StreamId.of(StreamId.ROUND, round());
    }

    /** The commands that begin a stream. */
    sealed interface Create extends RoundCommand {}

    record OpenRound(
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
            implements Create {}

    /** @param signature the attester's EIP-712 signature over round and commitment */
    record CommitReport(RoundId round, Wallet checker, Hash32 commitment, String signature, Instant at)
            implements RoundCommand {}

    /** @param signature the attester's EIP-712 signature over the report */
    record RevealReport(RoundId round, Wallet checker, Report report, Hash32 salt, String signature, Instant at)
            implements RoundCommand {}

    /** Counts and decides; before the reveal window ends only when every member has revealed. */
    record CloseRound(RoundId round, Instant at) implements RoundCommand {}
}
