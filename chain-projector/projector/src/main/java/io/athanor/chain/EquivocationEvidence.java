package io.athanor.chain;

import io.athanor.chain.RecordTables.Row;
import io.athanor.contracts.wrapper.PenaltyBook;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.signing.TypedCommands;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes of an equivocation's two reports what {@code PenaltyBook.applyEquivocation} asks for: no committee judges it. */
final class EquivocationEvidence {
    private final RecordTables records;
    private final PenaltyBook book;

    EquivocationEvidence(RecordTables records, PenaltyBook book) {
        this.records = records;
        this.book = book;
    }

    /** The call that takes the penalty, empty where the round's committee is not among the first {@code size} records. */
    Optional<String> call(Row accusation, Row penalty, long size) {
        List<SignedReport> reports = accusation.contradiction();
        Report one = reports.getFirst().report();
        return records.find(LeafKind.COMMITTEE, one.round().toString(), size).flatMap(committee -> {
            List<Seat> members = committee.members();
            return IntStream.range(0, members.size())
                    .filter(at -> members.get(at).checker().equals(one.checker()))
                    .mapToObj(at -> proof(accusation, penalty, committee, at, MerkleTree.of(records.leaves(size))))
                    .map(proof -> book.applyEquivocation(proof).encodeFunctionCall())
                    .findFirst();
        });
    }

    private static PenaltyBook.Contradiction proof(
            Row accusation, Row penalty, Row committee, int position, MerkleTree log) {
        List<SignedReport> reports = accusation.contradiction();
        List<Seat> members = committee.members();
        Seat member = members.get(position);
        return new PenaltyBook.Contradiction(
                PenaltyEvidence.committee(committee),
                PenaltyEvidence.accusation(accusation),
                PenaltyEvidence.penalty(penalty),
                PenaltyEvidence.place(log, committee),
                PenaltyEvidence.place(log, accusation),
                PenaltyEvidence.place(log, penalty),
                BigInteger.valueOf(position),
                member.checker().address(),
                member.attester().address(),
                BigInteger.valueOf(member.seats()),
                PenaltyEvidence.bytes(RecordLeaf.memberTree(members).inclusionProof(position)),
                statement(reports.getFirst()),
                statement(reports.getLast()));
    }

    private static PenaltyBook.Statement statement(SignedReport signed) {
        return new PenaltyBook.Statement(
                PenaltyEvidence.bytes(signed.report().findings().stream()
                        .map(TypedCommands::findingStruct)
                        .toList()),
                Hex.decode("0x" + signed.report().evidence().hex()),
                Hex.decode(signed.signature()));
    }
}
