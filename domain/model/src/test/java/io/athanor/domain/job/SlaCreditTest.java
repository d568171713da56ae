package io.athanor.domain.job;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.SlaCredit.Why;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The worked example of docs/sla.md is computed here. */
class SlaCreditTest {
    private static final Ath STAKE = Ath.ofWhole(20_000);
    private static final ParametersActivated IN_FORCE = new ParametersActivated(7, SampleParameters.get(), 0, at(0));
    private static final RoundId ROUND = new RoundId(4, RoundId.Kind.DELIVERY, 0, 0);
    private static final Ath PRICE = Ath.ofWei(1_000);
    private static final long START_BY = 300_000;
    private static final long LONGEST = 7_200_000;
    private final Samples samples = new Samples(8);
    private final TaskId task = samples.task();
    private final JobSpec spec = new SampleSpec()
            .gpus(2)
            .maxPrice(PRICE.wei().longValueExact())
            .maxDurationMillis(LONGEST)
            .cap(Ath.ofWei(100_000_000))
            .build();

    private Lease lease(Promise promise) {
        return new Lease(
                task.lease(1),
                samples.machine(),
                samples.wallet(),
                List.of("GPU-1", "GPU-2"),
                PRICE,
                at(START_BY),
                new Lease.Agreement(990_000, START_BY, Promise.FORMULA_VERSION, promise),
                false);
    }

    /** An hour free, and a tenth of the rest back. */
    private static Promise promise() {
        return new Promise(7, LONGEST, 3_600_000, 1_000);
    }

    private Receipt receipt(long startedAt, long endedAt) {
        return new Receipt(
                task.lease(1),
                "c",
                spec.image(),
                Ending.COMPLETED,
                0,
                at(startedAt),
                at(endedAt),
                endedAt - startedAt,
                List.of(),
                null,
                0,
                "0x");
    }

    private Assessment assess(Promise promise, Receipt receipt, Instant heardStart, Instant heardEnd) {
        return assess(promise, receipt, heardStart, heardEnd, Fact.DELIVERED);
    }

    private Assessment assess(
            Promise promise, Receipt receipt, Instant heardStart, Instant heardEnd, @Nullable Fact fact) {
        Job.Ended ended = new Job.Ended(
                new Job.Order(task, samples.wallet(), spec),
                Ending.COMPLETED,
                lease(promise),
                receipt,
                heardStart,
                heardEnd);
        Hash32 digest = SlaVerdict.resultDigest(receipt);
        Verdict verdict = new Verdict("x", fact, digest, receipt.runMillis(), 3, 5);
        return SlaVerdict.assess(ended, verdict, ROUND, SampleParameters.get());
    }

    @Test
    void aPromiseThatIsKeptGivesNothingBack() {
        Assessment kept = assess(promise(), receipt(300_000, 7_500_000), at(300_000), at(7_500_000));
        assertThat(kept.credited()).isEmpty();
        assertThat(kept.cost()).isEqualTo(Ath.ofWei(14_400_000));
        assertThat(kept.formulaVersion()).isEqualTo(3);
    }

    @Test
    void aLateStartIsFreeForItsFirstPart() {
        Assessment late = assess(promise(), receipt(300_001, 5_700_001), at(300_001), at(5_700_001));
        assertThat(late.credited()).containsExactly(new SlaCredit(Why.START_LATE, Ath.ofWei(7_200_000)));
        assertThat(late.cost()).isEqualTo(Ath.ofWei(5_400_000L * 2 - 7_200_000));
        Assessment brief = assess(promise(), receipt(300_001, 900_001), at(300_001), at(900_001));
        assertThat(brief.cost()).as("a run that is shorter is free").isEqualTo(Ath.ZERO);
        assertThat(brief.release()).isEqualTo(spec.capOfTask());
    }

    @Test
    void aLateEndGivesAShareOfTheRestBack() {
        Assessment late = assess(promise(), receipt(300_000, 7_500_001), at(300_000), at(7_500_001));
        assertThat(late.credited()).containsExactly(new SlaCredit(Why.FINISH_LATE, Ath.ofWei(1_440_000)));
        assertThat(late.cost()).isEqualTo(Ath.ofWei(12_960_000));
    }

    /** Else a control plane that hears nothing would make every provider pay for it. */
    @Test
    void whatOnlyTheNetworkOrOnlyTheMachineDatedLateIsNotLate() {
        assertThat(assess(promise(), receipt(10_000, 7_000_000), at(900_000), at(9_000_000))
                        .credited())
                .isEmpty();
        assertThat(assess(promise(), receipt(900_000, 8_000_000), at(10_000), at(7_000_000))
                        .credited())
                .isEmpty();
    }

    @Test
    void whatNoCommitteeCouldJudgeGivesNothingBack() {
        assertThat(assess(promise(), receipt(300_001, 7_600_000), at(300_001), at(7_600_000), null)
                        .credited())
                .isEmpty();
    }

    @Test
    void theTermsAreThoseInForceAtTheAssignment() {
        Lease.Agreement agreement = Promise.agreement(spec, PRICE, IN_FORCE, STAKE);
        var credits = SampleParameters.get().accountable().credits();
        assertThat(agreement.promise())
                .isEqualTo(new Promise(7, LONGEST, credits.startFreeMillis(), credits.finishBps(), STAKE));
        assertThat(agreement.formulaVersion()).isEqualTo(3);
        assertThat(agreement.tier()).isEqualTo(SampleParameters.get().sla().tierPpm());
        JobSpec small = new SampleSpec()
                .gpus(2)
                .maxDurationMillis(LONGEST)
                .cap(Ath.ofWei(20_000))
                .build();
        Promise brief = Promise.agreement(small, PRICE, IN_FORCE, STAKE).promise();
        assertThat(brief).isNotNull();
        assertThat(brief.finishMillis()).as("what the cap pays for").isEqualTo(10_000);
    }

    @Test
    void creditsNeverPassTheBillAndEverythingAddsUp() {
        Cases.forAll(5_000, random -> {
            Promise promise =
                    new Promise(1, random.between(0, 100_000), random.between(0, 200_000), random.between(0, 10_000));
            long start = random.between(0, 600_000);
            Receipt receipt = receipt(start, start + random.between(0, 300_000));
            Assessment a =
                    assess(promise, receipt, at(random.between(0, 600_000)), at(random.between(600_000, 900_000)));
            Assessment without = assess(
                    new Promise(1, Integer.MAX_VALUE, 0, 0), receipt, at(random.between(0, 1)), receipt.endedAt());
            assertThat(a.cost().plus(a.release())).isEqualTo(spec.capOfTask());
            assertThat(a.providerAmount().plus(a.protocolFee())).isEqualTo(a.cost());
            Ath back = a.credited().stream().map(SlaCredit::amount).reduce(Ath.ZERO, Ath::plus);
            Ath bill = Billing.cost(a.billableMillis(), PRICE, 2).min(spec.capOfTask());
            assertThat(a.cost().plus(back)).isEqualTo(bill);
            assertThat(without.credited()).isEmpty();
        });
    }

    @Test
    void theDocumentedExampleIsWhatTheRulesGive() throws IOException {
        Assessment late = assess(promise(), receipt(420_000, 7_560_000), at(420_000), at(7_560_000));
        String row = String.format(
                Locale.ROOT,
                "| %d | %s | %s | %s | %s | %s |",
                late.billableMillis(),
                Billing.cost(late.billableMillis(), PRICE, 2),
                late.credited().get(0).amount(),
                late.credited().get(1).amount(),
                late.cost(),
                late.providerAmount());
        assertThat(Files.readString(Path.of("../../docs/sla.md"))).contains(row);
    }
}
