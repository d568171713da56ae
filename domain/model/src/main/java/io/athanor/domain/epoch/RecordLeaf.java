package io.athanor.domain.epoch;

import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.governance.Measure.ChangeParameters;
import io.athanor.domain.governance.Measure.FundCommunity;
import io.athanor.domain.governance.Measure.UpgradeNetwork;
import io.athanor.domain.governance.ProposalEvent.ProposalExecuted;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalEvent.ProposalTallied;
import io.athanor.domain.governance.Tally;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the contracts must be able to prove of the history beside money: who judged, who is accused of what, until when a
 * penalty is stayed and what it took, what was proposed, how the vote ended and which parameters are in force. One leaf
 * an event at most.
 *
 * <p>Invariant: a function of the event alone. Texts (round, case, subject, fact, proposal) are named by their keccak;
 * amounts are wei, times unix ms.
 */
public final class RecordLeaf {
    private static final String EQUIVOCATION = "EQUIVOCATION";
    private static final String UPHELD = "UPHELD";
    private static final int CHANGE_PARAMETERS = 1;
    private static final int FUND_COMMUNITY = 2;
    private static final int UPGRADE_NETWORK = 3;

    private static final Abi.Layout COMMITTEE = Abi.Layout.of(
            "bytes32 round", "bytes32 members", "uint32 count", "uint32 seats", "uint32 quorum", "uint64 until");
    private static final Abi.Layout MEMBER = Abi.Layout.of("address checker", "address attester", "uint32 seats");
    private static final Abi.Layout CASE = Abi.Layout.of(
            "bytes32 penaltyCase", "bytes32 pool", "bytes32 subject", "bytes32 fact", "uint256 most", "uint64 since");
    private static final Abi.Layout STAY = Abi.Layout.of("bytes32 penaltyCase", "uint64 until");
    private static final Abi.Layout PENALTY =
            Abi.Layout.of("bytes32 penaltyCase", "uint256 taken", "uint64 executedAt");
    private static final Abi.Layout PROPOSAL = Abi.Layout.of(
            "bytes32 proposal", "uint8 measure", "uint32 version", "bytes32 digest", "uint64 effectiveEpoch");
    private static final Abi.Layout TALLY = Abi.Layout.of(
            "bytes32 proposal",
            "uint256 power",
            "uint256 yes",
            "uint256 no",
            "uint256 veto",
            "uint256 abstain",
            "bool passed",
            "uint64 talliedAt");
    private static final Abi.Layout EXECUTION = Abi.Layout.of("bytes32 proposal", "uint64 executedAt");
    private static final Abi.Layout PARAMETERS = Abi.Layout.of("uint32 version", "bytes32 digest", "uint64 fromEpoch");
    private static final Abi.Layout HISTORY = Abi.Layout.of("uint64 events", "uint64 lastIndex", "bytes32 root");

    private RecordLeaf() {}

    /**
     * The leaf of an event, empty for one that no contract asks about.
     *
     * @param digest of a value's canonical JSON
     */
    public static Optional<byte[]> of(Event event, Function<Object, Sha256> digest) {
        return Optional.ofNullable(
                switch (event) {
                    case RoundOpened e -> committee(e);
                    case CaseOpened e -> accusation(e);
                    case StayBegun e ->
                        LeafKind.STAY.leaf(STAY.encode(key(e.id()), e.until().toEpochMilli()));
                    case PenaltyExecuted e ->
                        LeafKind.PENALTY.leaf(
                                PENALTY.encode(key(e.id()), e.taken().wei(), e.at().toEpochMilli()));
                    case ProposalSubmitted e -> proposal(e, digest);
                    case ProposalTallied e -> tally(e);
                    case ProposalExecuted e ->
                        LeafKind.EXECUTION.leaf(EXECUTION.encode(key(e.proposal()), e.at().toEpochMilli()));
                    case ParametersActivated e ->
                        LeafKind.PARAMETERS.leaf(
                                PARAMETERS.encode(e.version(), word(digest.apply(e.parameters())), e.fromEpoch()));
                    default -> null;
                });
    }

    /**
     * The leaf of the event log's own state, which no single event gives.
     *
     * @param events how many it had
     * @param lastIndex of its last event
     * @param root of the tree whose leaves are the lines of its export, each without its end
     */
    public static byte[] history(long events, long lastIndex, Hash32 root) {
        return LeafKind.HISTORY.leaf(HISTORY.encode(events, lastIndex, root));
    }

    /** A text's name on chain. */
    public static Hash32 key(Object text) {
        return Hash32.keccak(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Hash32 word(Sha256 digest) {
        return Hash32.parse("0x" + digest.hex());
    }

    /** The members of a committee in the order of its tree. */
    public static List<Seat> members(List<Seat> committee) {
        return committee.stream().sorted(Comparator.comparing(Seat::attester)).toList();
    }

    /** The tree over a committee's members. */
    public static MerkleTree memberTree(List<Seat> committee) {
        return MerkleTree.of(members(committee).stream()
                .map(seat -> LeafKind.MEMBER.leaf(
                        MEMBER.encode(seat.checker().address(), seat.attester().address(), seat.seats())))
                .toList());
    }

    private static byte[] committee(RoundOpened e) {
        return LeafKind.COMMITTEE.leaf(COMMITTEE.encode(
                key(e.round()),
                memberTree(e.committee()).root(),
                e.committee().size(),
                e.committee().stream().mapToInt(Seat::seats).sum(),
                e.quorum(),
                e.revealUntil().toEpochMilli()));
    }

    private static byte[] accusation(CaseOpened e) {
        Offence offence = e.offence();
        return switch (offence) {
            case Downtime o ->
                accusation(
                        e, key(o.machine()), "OFFLINE", o.required(), o.since().toEpochMilli());
            case Counterfeit o -> accusation(e, key(o.machine()), "COUNTERFEIT", o.required(), 0);
            case Dispute o -> accusation(e, key(e.id()), UPHELD, o.bill(), 0);
            case Equivocation o -> accusation(e, key(o.round()), EQUIVOCATION, e.amount(), 0);
            case FailedCanary o -> accusation(e, key(o.lease()), "CANARY", e.amount(), 0);
            case FalseResult o -> accusation(e, key(o.lease()), "FALSE_RESULT", o.required(), 0);
            case RefutedMatch o ->
                accusation(e, key("batch " + o.proof().batch().seq()), "REFUTED_MATCH", e.amount(), 0);
        };
    }

    /** @param base of which the penalty is a part, at most all */
    private static byte[] accusation(CaseOpened e, Hash32 subject, String fact, Ath base, long sinceMillis) {
        return LeafKind.CASE.leaf(
                CASE.encode(key(e.id()), e.offence().accused().word(), subject, key(fact), base.wei(), sinceMillis));
    }

    /**
     * The rounds whose committees may have found what a case rests on when it is opened. A dispute's committee is drawn
     * later.
     */
    public static List<RoundId> rounds(Offence offence) {
        return switch (offence) {
            case Downtime o -> o.rounds();
            case Counterfeit o -> List.of(o.round());
            case Equivocation o -> List.of(o.round());
            case Dispute o -> List.of();
            case FailedCanary o -> List.of(o.round());
            case FalseResult o -> List.of();
            case RefutedMatch o -> List.of();
        };
    }

    private static byte[] proposal(ProposalSubmitted e, Function<Object, Sha256> digest) {
        Hash32 proposal = key(e.proposal());
        return LeafKind.PROPOSAL.leaf(
                switch (e.measure()) {
                    case ChangeParameters m ->
                        PROPOSAL.encode(
                                proposal, CHANGE_PARAMETERS, m.basedOn() + 1, word(digest.apply(m.parameters())), 0L);
                    case FundCommunity m -> PROPOSAL.encode(proposal, FUND_COMMUNITY, 0, word(digest.apply(m)), 0L);
                    case UpgradeNetwork m ->
                        PROPOSAL.encode(proposal, UPGRADE_NETWORK, 0, word(m.artifact()), m.activationEpoch());
                });
    }

    private static byte[] tally(ProposalTallied e) {
        Tally tally = e.tally();
        return LeafKind.TALLY.leaf(TALLY.encode(
                key(e.proposal()),
                tally.total().wei(),
                tally.inFavour().wei(),
                tally.against().wei(),
                tally.veto().wei(),
                tally.abstain().wei(),
                e.result() == Tally.Result.PASSED,
                e.at().toEpochMilli()));
    }
}
