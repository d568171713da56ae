package io.athanor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.athanor.audit.Replay.Result;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.Basis;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.epoch.RewardTerm;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A real history replays to MATCH, and each kind of forgery in it is found where it is. */
class ReplayTest {
    private static final DemoExport DEMO = DemoExport.read();
    private static final Result HONEST = DEMO.replay();
    private static final long SEED = 20_260_101;
    private static final int SAMPLES = 8;

    private static Result found(DemoExport forged, int place, String what) {
        Result result = forged.replay();
        assertThat(result.verdict()).isEqualTo("MISMATCH");
        assertThat(result.historyHash()).isNotEqualTo(HONEST.historyHash());
        assertThat(result.problems()).as("differences").anySatisfy(p -> {
            assertThat(p.index()).isEqualTo(DEMO.index(place));
            assertThat(p.what()).contains(what);
        });
        return result;
    }

    private static String plusOneWei(String wei) {
        return new BigInteger(wei).add(BigInteger.ONE).toString();
    }

    private static void moreWei(ObjectNode holder, String field) {
        holder.put(field, plusOneWei(holder.get(field).asText()));
    }

    @Test
    void theHonestHistoryMatches() {
        assertThat(HONEST.problems()).isEmpty();
        assertThat(HONEST.verdict()).isEqualTo("MATCH");
        assertThat(HONEST.ledgerBalanced()).isTrue();
        assertThat(HONEST.events()).isEqualTo(DEMO.lines().size()).isGreaterThan(200);
        assertThat(DEMO.places("job.Settled")).hasSize(8);
        assertThat(DEMO.places("epoch.SettlementAnchored")).isNotEmpty();
        assertThat(DEMO.replay()).isEqualTo(HONEST);
    }

    @Test
    void oneWeiMoreInAnEarningIsFoundWhenTheEpochCloses() {
        int place = DEMO.first("account.EarningsCredited");
        DemoExport forged = DEMO.forge(
                place, payload -> moreWei((ObjectNode) payload.get("lines").get(0), "amount"));
        found(forged, closing(place), "was booked otherwise than the formula says");
    }

    /** By hand: each term from its pool, weight and sum, all of them against what the epoch recorded and credited. */
    @Test
    void eachTermOfAnEpochIsWhatItsSumsSay() {
        int checked = 0;
        for (int place : DEMO.places("epoch.RewardsComputed")) {
            RewardsComputed recorded = DEMO.event(place, RewardsComputed.class);
            Replay replay = new Replay().explaining(recorded.epoch());
            DEMO.lines().forEach(replay::accept);
            Ath all = Ath.ZERO;
            for (RewardTerm term : replay.terms()) {
                Basis basis = term.basis();
                BigInteger share = basis.pool().wei().multiply(basis.weight()).divide(basis.sum());
                Ath cap = basis.cap();
                assertThat(term.amount().wei()).isEqualTo(cap == null ? share : share.min(cap.wei()));
                all = all.plus(term.amount());
                checked += credits(recorded.epoch(), term);
            }
            assertThat(all).isEqualTo(recorded.providerEmission().plus(recorded.checkerEmission()));
        }
        assertThat(checked).isGreaterThan(10);
    }

    /** One where the account has exactly this line; a term of nothing has none. */
    private static int credits(long epoch, RewardTerm term) {
        if (term.kept().isZero()) {
            return 0;
        }
        EarningLine line = new EarningLine(term.kind(), term.source(), term.kept());
        assertThat(IntStream.of(DEMO.places("account.EarningsCredited"))
                        .mapToObj(place -> DEMO.event(place, EarningsCredited.class))
                        .filter(e -> e.epoch() == epoch && e.wallet().equals(term.wallet()))
                        .flatMap(e -> e.lines().stream()))
                .contains(line);
        return 1;
    }

    /** The honest history's epochs all come out with their roots; each of them is held against its own. */
    @Test
    void theRewardsOfEveryEpochComeOutWithTheirRoot() {
        int[] rewards = DEMO.places("epoch.RewardsComputed");
        assertThat(rewards).hasSizeGreaterThan(2);
        for (int place : rewards) {
            DemoExport forged = DEMO.forge(place, payload -> payload.put("root", "0x" + "12".repeat(32)));
            found(forged, closing(place), "come out as root");
        }
    }

    @Test
    void oneWeiMoreInAHoldsCostIsFoundWhenTheEpochCloses() {
        int place = DEMO.first("account.HoldSettled");
        DemoExport forged = DEMO.forge(
                place, payload -> moreWei((ObjectNode) payload.get("lines").get(0), "cost"));
        found(forged, closing(place), "was booked otherwise than the formula says");
    }

    /** Where the epoch is closed that this line's payload names. */
    private static int closing(int place) {
        String epoch = DEMO.lines().get(place).replaceFirst(".*\"epoch\":(\\d+).*", "$1");
        return IntStream.of(DEMO.places("epoch.Closed"))
                .filter(i -> DEMO.lines().get(i).contains("\"stream\":\"epoch/" + epoch + "\""))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneWeiMoreInAVerdictIsFound() {
        int place = DEMO.first("job.SlaAssessed");
        DemoExport forged = DEMO.forge(place, payload -> {
            ObjectNode assessment = (ObjectNode) payload.get("assessment");
            moreWei(assessment, "cost");
            moreWei(assessment, "providerAmount");
        });
        found(forged, place, "the rules give");
    }

    @Test
    void aVerdictThatTheReportsDoNotGiveIsFound() {
        int place = DEMO.first("round.Finalized");
        DemoExport forged = DEMO.forge(
                place, payload -> ((ObjectNode) payload.get("verdicts").get(0)).put("measure", 1));
        found(forged, place, "the state before gives");
    }

    @Test
    void everySignedEventIsBoundToItsSignature() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("round.ReportCommitted", "attester");
        fields.put("round.ReportRevealed", "attester");
        fields.put("job.Completed", "not signed by machine");
        fields.put("job.Submitted", "the signature is not");
        fields.put("machine.Enrolled", "the signature is not");
        fields.put("machine.OfferListed", "the signature is not");
        fields.put("provider.Registered", "the signature is not");
        fields.forEach((name, what) -> {
            int place = DEMO.first(name);
            DemoExport forged =
                    DEMO.edit(place, line -> line.replaceFirst("(\"signature\":\"0x.{9})(.)", "$1" + other(line)));
            found(forged, place, what);
        });
    }

    /** Another hex digit than the tenth of the signature. */
    private static String other(String line) {
        return line.matches(".*\"signature\":\"0x.{9}0.*") ? "1" : "0";
    }

    @Test
    void aForgedReceiptIsFound() {
        int place = DEMO.first("job.Completed");
        DemoExport forged =
                DEMO.forge(place, payload -> ((ObjectNode) payload.get("receipt")).put("runMillis", 999_999));
        found(forged, place, "not signed by machine");
    }

    @Test
    void oneWeiMoreInAHoldIsFoundWithItsOrder() {
        int place = DEMO.first("account.FundsHeld");
        DemoExport forged = DEMO.forge(place, payload -> moreWei(payload, "amount"));
        found(forged, DEMO.first("job.Submitted"), "the order needs a hold of");
    }

    @Test
    void aTaskSettledOtherwiseThanAssessedIsFound() {
        int place = DEMO.first("job.Settled");
        DemoExport forged =
                DEMO.forge(place, payload -> ((ObjectNode) payload.get("assessment")).put("billableMillis", 1));
        found(forged, place, "assessed otherwise");
    }

    @Test
    void anAnchorOfNoBatchIsFound() {
        int place = DEMO.first("epoch.SettlementAnchored");
        found(DEMO.forge(place, payload -> payload.put("seq", 99)), place, "was not sealed before");
    }

    /** What only the chain can witness; the history's hash covers it, as it covers every byte. */
    @Test
    void aDepositsAmountChangesTheHashesOnly() {
        int place = DEMO.first("account.DepositCredited");
        Result result = DEMO.forge(place, payload -> moreWei(payload, "amount")).replay();
        assertThat(result.verdict()).isEqualTo("MATCH");
        assertThat(result.historyHash()).isNotEqualTo(HONEST.historyHash());
        assertThat(result.stateHash()).isNotEqualTo(HONEST.stateHash());
    }

    /** What is anchored on chain binds also what no rule looks at. */
    @Test
    void aChangedEventGivesAnotherAnchoredRoot() {
        int place = DEMO.first("account.DepositCredited");
        Result result = DEMO.forge(place, payload -> moreWei(payload, "amount")).replay();
        Checkpoint honest = Objects.requireNonNull(HONEST.checkpoint());
        assertThat(Objects.requireNonNull(result.checkpoint()).size()).isEqualTo(honest.size());
        assertThat(result.checkpoint().root()).isNotEqualTo(honest.root());
    }

    @Test
    void aForgedBatchIsFound() {
        int place = DEMO.first("epoch.SettlementBatched");
        DemoExport forged = DEMO.forge(place, payload -> moreWei((ObjectNode) payload.get("batch"), "total"));
        found(forged, place, "the batch's root, count or total");
    }

    /** Whichever line is gone, its stream does not go on; only a stream's last line can vanish unseen by its stream. */
    @Test
    void aMissingLineIsFound() {
        Map<StreamId, Integer> last = new HashMap<>();
        IntStream.range(0, DEMO.lines().size())
                .forEach(i -> last.put(ExportLine.parse(DEMO.lines().get(i)).stream(), i));
        sampled().filter(i -> !last.containsValue(i)).forEach(i -> {
            Result result = DEMO.without(i).replay();
            assertThat(result.historyHash()).isNotEqualTo(HONEST.historyHash());
            assertThat(result.problems())
                    .as("without line " + i)
                    .anySatisfy(p -> assertThat(p.what()).contains("is missing or doubled"));
        });
    }

    /** No difference in the history itself shows it, so the hashes are what to compare. */
    @Test
    void aStreamsMissingLastLineChangesBothHashes() {
        int end = DEMO.lines().size() - 1;
        Result result = DEMO.without(end).replay();
        assertThat(result.historyHash()).isNotEqualTo(HONEST.historyHash());
        assertThat(result.stateHash()).isNotEqualTo(HONEST.stateHash());
        assertThat(result.lastIndex()).isLessThan(HONEST.lastIndex());
    }

    @Test
    void aDoubledLineIsFound() {
        sampled().forEach(i -> found(DEMO.doubled(i), i, "is missing or doubled"));
    }

    @Test
    void swappedLinesAreFound() {
        sampled().forEach(i -> found(DEMO.swapped(i), i, "comes after"));
    }

    /** Eight places from a seed, never the last. */
    private static IntStream sampled() {
        return new Random(SEED).ints(SAMPLES, 0, DEMO.lines().size() - 1);
    }

    @Test
    void aLineThatCannotBeReadIsNamedAndTheReplayGoesOn() {
        Result result = DEMO.edit(5, line -> line.substring(1)).replay();
        assertThat(result.events()).isEqualTo(HONEST.events());
        assertThat(result.problems().getFirst().what()).startsWith("the line after event 5");
    }

    @Test
    void aBlankInALineIsFound() {
        found(DEMO.edit(7, line -> line.replaceFirst(",", ", ")), 7, "canonical");
    }
}
