package io.athanor.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Profiles;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.RecordLeaf;
import io.athanor.domain.governance.ProposalEvent.ProposalExecuted;
import io.athanor.domain.governance.ProposalEvent.ProposalTallied;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Tally;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.StayBegun;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records made of events are the vectors' leaves, which the contracts decode. */
class RecordVectorsTest {
    private static final Instant AT = Instant.ofEpochMilli(1_767_225_660_000L);
    private static final CaseId CASE = CaseId.parse("0199f0f2-0000-8000-8000-000000000003");
    private static final ProposalId PROPOSAL = ProposalId.parse("0199f0f2-0000-7000-8000-000000000004");
    private static final Sha256 DIGEST = Sha256.parse("sha256:" + "cd".repeat(32));
    private static final RoundId ROUND = RoundId.parse("12.liveness.0.0");

    private static Wallet wallet(String digit) {
        return Wallet.parse("0x" + digit.repeat(40));
    }

    private static void assertLeaf(String name, Event event) {
        assertLeaf(name, RecordLeaf.of(event, value -> DIGEST).orElseThrow());
    }

    private static void assertLeaf(String name, byte[] leaf) {
        for (JsonNode sample : Vectors.settlement().get("samples")) {
            if (sample.get("name").asText().equals(name)) {
                assertThat(MerkleTree.leafHash(leaf))
                        .isEqualTo(Hash32.parse(sample.get("leaf").asText()));
                return;
            }
        }
        throw new AssertionError("there is no sample " + name);
    }

    @Test
    void committee() {
        List<Seat> seats = List.of(new Seat(wallet("b"), wallet("2"), 3), new Seat(wallet("a"), wallet("1"), 2));
        Draw draw = new Draw(Hash32.ZERO, null, Hash32.ZERO, Hash32.ZERO, 2, List.of(), Hash32.ZERO);
        assertLeaf("committee", new RoundOpened(ROUND, 31_337, List.of(), seats, 3, draw, AT, AT, AT, AT));
    }

    @Test
    void caseStayAndPenalty() {
        Downtime outage = new Downtime(
                PoolId.ofWord(Hash32.parse("0x" + "0".repeat(23) + "1" + "d".repeat(40))),
                MachineId.parse("0199f0f2-0000-7000-8000-000000000002"),
                Instant.ofEpochMilli(1_767_225_000_000L),
                List.of(),
                Ath.ofWei(5000),
                List.of(ROUND),
                List.of());
        assertLeaf("case", new CaseOpened(CASE, outage, 100, Ath.ofWei(50), 3, 1, null, AT));
        assertLeaf("stay", new StayBegun(CASE, AT, AT));
        assertLeaf("penalty", new PenaltyExecuted(CASE, Ath.ofWei(77), List.of(), AT.plusMillis(1)));
        assertThat(RecordLeaf.rounds(outage)).containsExactly(ROUND);
    }

    @Test
    void votesAndParameters() {
        Tally tally = new Tally(Ath.ofWei(60), Ath.ofWei(20), Ath.ofWei(5), Ath.ofWei(1), Ath.ofWei(100));
        assertLeaf("tally", new ProposalTallied(PROPOSAL, tally, Tally.Result.PASSED, AT));
        assertLeaf("execution", new ProposalExecuted(PROPOSAL, 3, AT));
        assertLeaf("parameters", new ParametersActivated(7, Profiles.load("devnet"), 8, AT));
    }

    @Test
    void history() {
        Hash32 root = Hash32.keccak("athanor test history".getBytes(StandardCharsets.UTF_8));
        assertLeaf("history", RecordLeaf.history(3, 5, root));
    }
}
