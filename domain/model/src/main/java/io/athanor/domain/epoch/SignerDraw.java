package io.athanor.domain.epoch;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.CommitteeDraw;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The Checkers whose signatures count on chain for a settlement day: 21 seats drawn by stake from the candidates that
 * were frozen one epoch before the block that draws, each drawn attester once.
 *
 * <p>Invariant: a pure function of events, so every signer draws again before it signs the change of the set.
 *
 * @param signers attester keys in ascending order, each once
 * @param quorum 15 of 21, scaled to their number, at least 2
 */
public record SignerDraw(List<Wallet> signers, int quorum) {
    public static final int SEATS = 21;
    private static final int QUORUM = 15;
    private static final int FEWEST = 2;
    private static final Hash32 TAG = Hash32.keccak("athanor.signers.v1".getBytes(StandardCharsets.UTF_8));

    public SignerDraw {
        signers = List.copyOf(signers);
    }

    /** Draws from the candidates of the epoch before with the block that opened this one. */
    public static SignerDraw of(List<Candidate> frozen, Hash32 blockHash, ProtocolParameters parameters) {
        Hash32 seed = Hash32.keccak(TAG.bytes(), blockHash.bytes());
        List<Seat> seats = CommitteeDraw.draw(
                frozen,
                seed,
                SEATS,
                parameters.stake().checkerUnit(),
                parameters.committee().operatorCapBps(),
                Set.of(),
                false);
        List<Wallet> signers =
                seats.stream().map(Seat::attester).distinct().sorted().toList();
        return new SignerDraw(signers, quorum(signers.size()));
    }

    /** How many of so many signers must sign. */
    public static int quorum(int signers) {
        return CommitteeDraw.quorum(signers, QUORUM, SEATS);
    }

    /** Whether it can be installed: fewer than two signers are no quorum. */
    public boolean usable() {
        return signers.size() >= FEWEST;
    }
}
