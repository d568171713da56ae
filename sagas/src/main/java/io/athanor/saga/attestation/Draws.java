package io.athanor.saga.attestation;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.CommitteeDraw;
import io.athanor.domain.attestation.CommitteeDraw.Wanted;
import io.athanor.domain.attestation.Consensus;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveNetwork.FrozenSalts;
import io.athanor.saga.live.LiveSet;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Draws committees from what the live set knows: the candidates frozen when the previous epoch opened, and the block of
 * the round's own epoch with the salts that were the newest when it opened.
 */
final class Draws {
    private final LiveSet live;

    Draws(LiveSet live) {
        this.live = live;
    }

    /** When a round takes commitments and reveals. */
    record Windows(Instant commitFrom, Instant commitUntil, Instant revealUntil) {
        static Windows from(Instant start, ProtocolParameters parameters) {
            Instant commit = start.plusMillis(parameters.timing().commitWindowMillis());
            return new Windows(
                    start, commit, commit.plusMillis(parameters.timing().revealWindowMillis()));
        }
    }

    /** What a round's draw starts from; null where its epoch is the first, or before the network began. */
    @Nullable Basis basis(long epoch) {
        Epoch own = live.epoch(epoch);
        Epoch before = live.epochBefore(epoch);
        LiveNetwork network = live.network();
        ParametersActivated parameters = network == null ? null : network.parametersOf(epoch);
        if (own == null || before == null || network == null || parameters == null) {
            return null;
        }
        EpochOpened opened = own.opened();
        EpochOpened frozen = before.opened();
        return opened == null || frozen == null
                ? null
                : new Basis(opened, frozen, network, parameters.parameters(), this::weightOf);
    }

    private int weightOf(Wallet checker) {
        return live.recordOf(checker).weight();
    }

    /** The facts that an epoch's draws have in common. */
    record Basis(
            EpochOpened opened,
            EpochOpened frozen,
            LiveNetwork network,
            ProtocolParameters parameters,
            ToIntFunction<Wallet> weights) {
        /** Who may sit where these owner groups have an interest. */
        List<Candidate> eligible(Set<String> excluded) {
            return CommitteeDraw.eligible(
                    frozen.eligible(), unit(), excluded, parameters.committee().excludeNetworkGroups());
        }

        private Ath unit() {
            return parameters.stake().checkerUnit();
        }

        /** The order that opens the round, or null where fewer owner groups than {@link
         * Consensus#LEAST_VOICES} can judge the subjects. */
        @Nullable OpenRound open(RoundId round, List<Subject> subjects, Set<String> excluded, Windows windows, Instant at) {
            int eligible = eligible(excluded).size();
            if (eligible < Consensus.LEAST_VOICES) {
                return null;
            }
            FrozenSalts salts = network.saltsOf(round.epoch());
            Hash32 seed = CommitteeDraw.seed(opened.blockHash(), salts.salts(), round);
            Wanted wanted = Wanted.of(round.kind(), parameters);
            List<Seat> committee = committee(CommitteeDraw.size(wanted, eligible), seed, excluded);
            if (committee.stream().map(Seat::voice).distinct().count() < Consensus.LEAST_VOICES) {
                return null;
            }
            int seats = committee.stream().mapToInt(Seat::seats).sum();
            int quorum = CommitteeDraw.quorum(seats, wanted.quorum(), wanted.seats());
            long units = CommitteeDraw.units(
                    frozen.eligible(),
                    unit(),
                    parameters.committee().operatorCapBps(),
                    excluded,
                    parameters.committee().excludeNetworkGroups());
            return new OpenRound(
                    round,
                    chainId(),
                    subjects,
                    committee,
                    quorum,
                    draw(eligible, excluded, salts, seed, CommitteeDraw.terms(units, seats, quorum, wanted)),
                    windows.commitFrom(),
                    windows.commitUntil(),
                    windows.revealUntil(),
                    at);
        }

        private List<Seat> committee(int seats, Hash32 seed, Set<String> excluded) {
            return CommitteeDraw.draw(
                            frozen.eligible(),
                            seed,
                            seats,
                            unit(),
                            parameters.committee().operatorCapBps(),
                            excluded,
                            parameters.committee().excludeNetworkGroups())
                    .stream()
                    .map(seat -> seat.weighing(weights.applyAsInt(seat.checker())))
                    .toList();
        }

        private long chainId() {
            var begun = network.protocol().network();
            if (begun == null) {
                throw new IllegalStateException("an epoch is open before the network began");
            }
            return begun.chainId();
        }

        private Draw draw(int eligible, Set<String> excluded, FrozenSalts salts, Hash32 seed, Draw.Terms terms) {
            return new Draw(
                    opened.blockHash(),
                    salts.round(),
                    salts.salts(),
                    frozen.eligibleDigest(),
                    eligible,
                    List.copyOf(new TreeSet<>(excluded)),
                    seed,
                    terms);
        }
    }
}
