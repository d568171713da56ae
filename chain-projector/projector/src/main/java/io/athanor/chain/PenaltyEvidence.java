package io.athanor.chain;

import io.athanor.chain.RecordTables.Row;
import io.athanor.chain.RecordTables.SignedReport;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.PenaltyBook;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.signing.TypedCommands;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.web3j.protocol.Web3j;

/**
 * Makes of the anchored records and of the signed reports what {@code PenaltyBook.applyPenalty} asks for.
 *
 * <p>The reports are those of the first round a case rests on in which a quorum of seats found what it says. A case without
 * a stay or without such a round has no evidence; its penalty is released by the next root of withdrawals.
 */
final class PenaltyEvidence {
    private static final int SUBJECT = 2;
    private static final int FACT = 3;
    private static final int QUORUM = 4;

    private final RecordTables records;
    private final PenaltyBook book;

    PenaltyEvidence(RecordTables records, Deployment contracts, Web3j web3j) {
        this.records = records;
        this.book = Contracts.penalties(contracts.penalties(), web3j);
    }

    /** The records of one case, and a committee of it whose reports prove it. */
    private record Trial(Row accusation, Row stay, Row penalty, Row committee, List<PenaltyBook.Testimony> reports) {
        PenaltyBook.Evidence evidence(MerkleTree log) {
            return new PenaltyBook.Evidence(
                    PenaltyEvidence.committee(committee),
                    PenaltyEvidence.accusation(accusation),
                    PenaltyEvidence.stay(stay),
                    PenaltyEvidence.penalty(penalty),
                    place(log, committee),
                    place(log, accusation),
                    place(log, stay),
                    place(log, penalty),
                    reports);
        }
    }

    /** The call that takes a penalty, empty where nothing proves it. */
    Optional<String> call(Row penalty, long size) {
        // The whole log is hashed only for what is proven by it.
        return trial(penalty, size)
                .map(trial -> trial.evidence(MerkleTree.of(records.leaves(size))))
                .map(evidence -> book.applyPenalty(evidence).encodeFunctionCall());
    }

    private Optional<Trial> trial(Row penalty, long size) {
        Optional<Row> accusation = records.find(LeafKind.CASE, penalty.subject(), size);
        Optional<Row> stay = records.find(LeafKind.STAY, penalty.subject(), size);
        if (accusation.isEmpty() || stay.isEmpty()) {
            return Optional.empty();
        }
        return accusation.get().rounds().stream()
                .flatMap(round -> records
                        .find(LeafKind.COMMITTEE, round.toString(), size)
                        .flatMap(committee -> testimonies(accusation.get(), committee, round)
                                .map(reports -> new Trial(accusation.get(), stay.get(), penalty, committee, reports)))
                        .stream())
                .findFirst();
    }

    private static PenaltyBook.Place place(MerkleTree log, Row row) {
        return new PenaltyBook.Place(
                BigInteger.valueOf(row.position()), bytes(log.inclusionProof(Math.toIntExact(row.position()))));
    }

    private static PenaltyBook.Committee committee(Row row) {
        return new PenaltyBook.Committee(
                row.word(0).bytes(),
                row.word(1).bytes(),
                row.number(2),
                row.number(3),
                row.number(QUORUM),
                row.number(5));
    }

    private static PenaltyBook.Case accusation(Row row) {
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

    private static PenaltyBook.Penalty penalty(Row row) {
        return new PenaltyBook.Penalty(row.word(0).bytes(), row.number(1), row.number(2));
    }

    /** Of as few members as hold a quorum, in their tree's order; empty where those who found it do not. */
    private Optional<List<PenaltyBook.Testimony>> testimonies(Row accusation, Row committee, RoundId round) {
        long quorum = committee.number(QUORUM).longValueExact();
        List<Seat> members = committee.members();
        MerkleTree tree = RecordLeaf.memberTree(members);
        List<SignedReport> reports = records.reports(round);
        List<PenaltyBook.Testimony> testimonies = new ArrayList<>();
        long seats = 0;
        for (int position = 0; position < members.size() && seats < quorum; position++) {
            Seat member = members.get(position);
            Optional<PenaltyBook.Testimony> testimony =
                    testimony(tree, position, member, reports, accusation.word(SUBJECT), accusation.word(FACT));
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

    private static List<byte[]> bytes(List<Hash32> hashes) {
        return hashes.stream().map(Hash32::bytes).toList();
    }
}
