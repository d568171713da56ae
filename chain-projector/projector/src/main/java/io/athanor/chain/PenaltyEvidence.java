package io.athanor.chain;

import io.athanor.chain.RecordTables.Row;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.PenaltyBook;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.signing.TypedCommands;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.Web3j;

/**
 * Makes of the anchored records and of the signed reports what {@code PenaltyBook.applyPenalty} asks for.
 *
 * <p>The reports are those of the appeal's round that upheld the case; without an appeal, those of the first round it rests
 * on in which a quorum of seats found what it says. Where neither is there, the penalty is released by the next root of
 * withdrawals.
 */
final class PenaltyEvidence {
    private static final int SUBJECT = 2;
    private static final int FACT = 3;
    private static final int QUORUM = 4;
    private static final Hash32 UPHELD = RecordLeaf.key(Fact.UPHELD.name());

    private final RecordTables records;
    private final PenaltyBook book;
    private final EquivocationEvidence equivocations;

    PenaltyEvidence(RecordTables records, Deployment contracts, Web3j web3j) {
        this.records = records;
        this.book = Contracts.penalties(contracts.penalties(), web3j);
        this.equivocations = new EquivocationEvidence(records, book);
    }

    /** A committee and those reports of it that prove a case. */
    private record Judged(Row committee, List<PenaltyBook.Testimony> reports) {}

    /**
     * The records of one case, and who proves it.
     *
     * @param stay null where an appeal's committee upheld it
     */
    private record Trial(Row accusation, @Nullable Row stay, Row penalty, Judged judged) {
        PenaltyBook.Evidence evidence(MerkleTree log) {
            return new PenaltyBook.Evidence(
                    PenaltyEvidence.committee(judged.committee()),
                    PenaltyEvidence.accusation(accusation),
                    stay == null
                            ? new PenaltyBook.Stay(Hash32.ZERO.bytes(), BigInteger.ZERO)
                            : PenaltyEvidence.stay(stay),
                    PenaltyEvidence.penalty(penalty),
                    place(log, judged.committee()),
                    place(log, accusation),
                    stay == null ? new PenaltyBook.Place(BigInteger.ZERO, List.of()) : place(log, stay),
                    place(log, penalty),
                    judged.reports());
        }
    }

    /** The call that takes a penalty, empty where nothing proves it. */
    Optional<String> call(Row penalty, long size) {
        return records.find(LeafKind.CASE, penalty.subject(), size)
                .flatMap(accusation -> accusation.contradiction().isEmpty()
                        ? judged(accusation, penalty, size)
                        : equivocations.call(accusation, penalty, size));
    }

    private Optional<String> judged(Row accusation, Row penalty, long size) {
        // The whole log is hashed only for what is proven by it.
        return appealed(accusation, penalty, size)
                .or(() -> stayed(accusation, penalty, size))
                .map(trial -> trial.evidence(MerkleTree.of(records.leaves(size))))
                .map(evidence -> book.applyPenalty(evidence).encodeFunctionCall());
    }

    private Optional<Trial> appealed(Row accusation, Row penalty, long size) {
        return accusation
                .upheldBy()
                .flatMap(round -> judged(round, accusation.word(0), UPHELD, size))
                .map(judged -> new Trial(accusation, null, penalty, judged));
    }

    private Optional<Trial> stayed(Row accusation, Row penalty, long size) {
        Optional<Row> stay = records.find(LeafKind.STAY, penalty.subject(), size);
        if (stay.isEmpty()) {
            return Optional.empty();
        }
        return accusation.rounds().stream()
                .flatMap(round -> judged(round, accusation.word(SUBJECT), accusation.word(FACT), size).stream())
                .findFirst()
                .map(judged -> new Trial(accusation, stay.get(), penalty, judged));
    }

    private Optional<Judged> judged(RoundId round, Hash32 subject, Hash32 fact, long size) {
        return records.find(LeafKind.COMMITTEE, round.toString(), size)
                .flatMap(committee ->
                        testimonies(committee, round, subject, fact).map(reports -> new Judged(committee, reports)));
    }

    static PenaltyBook.Place place(MerkleTree log, Row row) {
        return new PenaltyBook.Place(
                BigInteger.valueOf(row.position()), bytes(log.inclusionProof(Math.toIntExact(row.position()))));
    }

    static PenaltyBook.Committee committee(Row row) {
        return new PenaltyBook.Committee(
                row.word(0).bytes(),
                row.word(1).bytes(),
                row.number(2),
                row.number(3),
                row.number(QUORUM),
                row.number(5));
    }

    static PenaltyBook.Case accusation(Row row) {
        return new PenaltyBook.Case(
                row.word(0).bytes(),
                row.word(1).bytes(),
                row.word(SUBJECT).bytes(),
                row.word(FACT).bytes(),
                row.number(4),
                row.number(5));
    }

    private static PenaltyBook.Stay stay(Row row) {
        return new PenaltyBook.Stay(row.word(0).bytes(), row.number(1));
    }

    static PenaltyBook.Penalty penalty(Row row) {
        return new PenaltyBook.Penalty(row.word(0).bytes(), row.number(1), row.number(2));
    }

    /** Of as few members as hold a quorum, in their tree's order; empty where those who found it do not. */
    private Optional<List<PenaltyBook.Testimony>> testimonies(
            Row committee, RoundId round, Hash32 subject, Hash32 fact) {
        long quorum = committee.number(QUORUM).longValueExact();
        List<Seat> members = committee.members();
        MerkleTree tree = RecordLeaf.memberTree(members);
        List<SignedReport> reports = records.reports(round);
        List<PenaltyBook.Testimony> testimonies = new ArrayList<>();
        long seats = 0;
        for (int position = 0; position < members.size() && seats < quorum; position++) {
            Seat member = members.get(position);
            Optional<PenaltyBook.Testimony> testimony = testimony(tree, position, member, reports, subject, fact);
            testimony.ifPresent(testimonies::add);
            seats += testimony.isPresent() ? member.seats() : 0;
        }
        return seats < quorum ? Optional.empty() : Optional.of(testimonies);
    }

    private static Optional<PenaltyBook.Testimony> testimony(
            MerkleTree tree, int position, Seat member, List<SignedReport> reports, Hash32 subject, Hash32 fact) {
        return reports.stream()
                .filter(signed -> signed.report().checker().equals(member.checker()))
                .flatMap(signed -> testimony(tree, position, member, signed, subject, fact).stream())
                .findFirst();
    }

    private static Optional<PenaltyBook.Testimony> testimony(
            MerkleTree tree, int position, Seat member, SignedReport signed, Hash32 subject, Hash32 fact) {
        List<Finding> findings = signed.report().findings();
        for (int at = 0; at < findings.size(); at++) {
            Finding finding = findings.get(at);
            boolean bears = RecordLeaf.key(finding.subject()).equals(subject)
                    && RecordLeaf.key(finding.fact().name()).equals(fact);
            if (bears) {
                return Optional.of(new PenaltyBook.Testimony(
                        BigInteger.valueOf(position),
                        member.checker().address(),
                        member.attester().address(),
                        BigInteger.valueOf(member.seats()),
                        bytes(tree.inclusionProof(position)),
                        bytes(findings.stream()
                                .map(TypedCommands::findingStruct)
                                .toList()),
                        BigInteger.valueOf(at),
                        finding.digest().bytes(),
                        BigInteger.valueOf(finding.measure()),
                        BigInteger.valueOf(finding.rttMicros()),
                        Hex.decode("0x" + signed.report().evidence().hex()),
                        Hex.decode(signed.signature())));
            }
        }
        return Optional.empty();
    }

    static List<byte[]> bytes(List<Hash32> hashes) {
        return hashes.stream().map(Hash32::bytes).toList();
    }
}
