package io.athanor.domain.job;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment.Outcome;
import io.athanor.domain.job.Ending.Cause;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlaVerdictTest {
    private static final ProtocolParameters PARAMETERS = SampleParameters.get();
    private static final RoundId ROUND = new RoundId(4, RoundId.Kind.DELIVERY, 0, 0);
    private static final long PRICE = 2_000_000_000_000L;
    private final Samples samples = new Samples(3);
    private final TaskId task = samples.task();
    private final JobSpec spec = samples.spec();
    private final Lease lease = samples.lease(task.lease(1), spec);
    private final Receipt receipt = samples.receipt(lease.id(), Ending.COMPLETED, 5_000);

    private Job.Ended ended(Receipt of, @Nullable Instant startedAt, Instant endedAt) {
        return new Job.Ended(new Job.Order(task, samples.wallet(), spec), of.ending(), lease, of, startedAt, endedAt);
    }

    private Job.Ended ended(Receipt of) {
        return ended(of, at(0), at(9_000));
    }

    private Job.Ended neverRan(Ending ending) {
        return new Job.Ended(new Job.Order(task, samples.wallet(), spec), ending, null, null, null, at(9_000));
    }

    private static Verdict verdict(@Nullable Fact fact, Hash32 digest, long measure) {
        return new Verdict("x", fact, digest, measure, 3, 5);
    }

    private Verdict delivered(long measure) {
        return verdict(Fact.DELIVERED, SlaVerdict.resultDigest(receipt), measure);
    }

    private Assessment assess(Job.Ended ended, @Nullable Verdict verdict) {
        return SlaVerdict.assess(ended, verdict, ROUND, PARAMETERS);
    }

    @Test
    void aDeliveryIsPaidWithTheProtocolsFee() {
        Assessment a = assess(ended(receipt), delivered(5_000));
        assertThat(a.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(a.billableMillis()).isEqualTo(5_000);
        assertThat(a.cost()).isEqualTo(Ath.ofWei(5 * PRICE));
        assertThat(a.providerAmount()).isEqualTo(Ath.ofWei(4 * PRICE));
        assertThat(a.protocolFee()).isEqualTo(Ath.ofWei(PRICE));
        assertThat(a.release()).isEqualTo(spec.capOfTask().minus(a.cost()));
        assertThat(a.round()).isEqualTo(ROUND);
        assertThat(a.formulaVersion()).isEqualTo(lease.agreement().formulaVersion());
        assertThat(a.resultDigest()).isEqualTo(SlaVerdict.resultDigest(receipt));
    }

    @Test
    void theLeastOfTheMeasuresIsBilled() {
        assertThat(assess(ended(receipt), delivered(4_000)).billableMillis()).isEqualTo(4_000);
        assertThat(assess(ended(receipt, at(0), at(3_000)), delivered(5_000)).billableMillis())
                .isEqualTo(3_000);
        assertThat(assess(
                                ended(samples.receipt(lease.id(), Ending.EXIT_CODE, 2_000)),
                                verdict(Fact.ENDED_BY_CLIENT, Hash32.ZERO, 5_000))
                        .billableMillis())
                .isEqualTo(2_000);
        assertThat(assess(ended(receipt, null, at(9_000)), delivered(5_000)).billableMillis())
                .isZero();
        assertThat(assess(ended(receipt), delivered(-1)).billableMillis()).isZero();
    }

    @Test
    void theCapEndsTheBill() {
        JobSpec small = new SampleSpec().cap(Ath.ofWei(3 * PRICE)).build();
        Job.Ended ended = new Job.Ended(
                new Job.Order(task, samples.wallet(), small), Ending.COMPLETED, lease, receipt, at(0), at(9_000));
        Assessment a = assess(ended, delivered(5_000));
        assertThat(a.billableMillis()).isEqualTo(3_000);
        assertThat(a.cost()).isEqualTo(Ath.ofWei(3 * PRICE));
        assertThat(a.release()).isEqualTo(Ath.ZERO);
    }

    @Test
    void whatTheClientEndedIsPaidForTheTimeUsed() {
        Receipt exit = samples.receipt(lease.id(), Ending.EXIT_CODE, 5_000);
        Assessment a = assess(ended(exit), verdict(Fact.ENDED_BY_CLIENT, Hash32.ZERO, 5_000));
        assertThat(a.outcome()).isEqualTo(Outcome.ENDED_BY_CLIENT);
        assertThat(a.cost()).isEqualTo(Ath.ofWei(5 * PRICE));
    }

    @Test
    void whatWasNotDeliveredIsFree() {
        Assessment a = assess(ended(receipt), verdict(Fact.NOT_DELIVERED, Hash32.ZERO, 0));
        assertThat(a.outcome()).isEqualTo(Outcome.NOT_DELIVERED);
        assertThat(a.cost()).isEqualTo(Ath.ZERO);
        assertThat(a.release()).isEqualTo(spec.capOfTask());
    }

    @Test
    void aQuorumThatSawOtherOutputsDidNotConfirmThese() {
        Assessment a = assess(ended(receipt), verdict(Fact.DELIVERED, samples.hash(), 5_000));
        assertThat(a.outcome()).isEqualTo(Outcome.NOT_DELIVERED);
        assertThat(a.cost()).isEqualTo(Ath.ZERO);
    }

    @Test
    void whatNoCommitteeCouldJudgeFaultsNobodyAndIsPaidByTheReceipt() {
        for (Verdict none : Arrays.asList(null, verdict(null, Hash32.ZERO, 0), verdict(Fact.NETWORK, Hash32.ZERO, 0))) {
            Assessment a = assess(ended(receipt), none);
            assertThat(a.outcome()).isEqualTo(Outcome.EXCLUDED);
            assertThat(a.billableMillis()).isEqualTo(5_000);
            assertThat(a.providerAmount()).isEqualTo(Ath.ofWei(4 * PRICE));
        }
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void whatProviderOrNetworkCausedIsFreeWhateverTheVerdict(Ending ending) {
        Receipt r = samples.receipt(lease.id(), ending, 5_000);
        Verdict yes = verdict(Fact.DELIVERED, SlaVerdict.resultDigest(r), 5_000);
        boolean paid = ending.cause() == Cause.NONE || ending.cause() == Cause.CLIENT;
        assertThat(assess(ended(r), yes).cost().isZero()).isEqualTo(!paid);
        assertThat(assess(ended(r), null).cost().isZero()).isEqualTo(!paid);
    }

    @Test
    void whatNeverRanIsFreeAndNeedsNoRound() {
        Assessment cancelled = SlaVerdict.assess(neverRan(Ending.CANCELLED), null, null, PARAMETERS);
        assertThat(cancelled.outcome()).isEqualTo(Outcome.ENDED_BY_CLIENT);
        assertThat(cancelled.cost()).isEqualTo(Ath.ZERO);
        assertThat(cancelled.round()).isNull();
        Assessment expired = SlaVerdict.assess(neverRan(Ending.UNPLACEABLE), null, null, PARAMETERS);
        assertThat(expired.outcome()).isEqualTo(Outcome.NOT_DELIVERED);
        assertThat(expired.release()).isEqualTo(spec.capOfTask());
    }

    @Test
    void aSimulatedMachineIsNamedAsSuchWhetherPaidOrFree() {
        Lease toy = new Lease(
                lease.id(),
                lease.machine(),
                lease.provider(),
                lease.gpus(),
                lease.price(),
                lease.startBy(),
                lease.agreement(),
                true);
        Job.Ended ended = new Job.Ended(
                new Job.Order(task, samples.wallet(), spec), Ending.COMPLETED, toy, receipt, at(0), at(9_000));
        assertThat(assess(ended, delivered(5_000)).simulated()).isTrue();
        assertThat(assess(ended, verdict(Fact.NOT_DELIVERED, Hash32.ZERO, 0)).simulated())
                .isTrue();
        assertThat(assess(ended(receipt), verdict(Fact.NOT_DELIVERED, Hash32.ZERO, 0))
                        .simulated())
                .isFalse();
    }

    @Test
    void whatRanNeedsARoundAndAVerdictOnADelivery() {
        assertThatThrownBy(() -> SlaVerdict.assess(ended(receipt), delivered(1), null, PARAMETERS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> assess(ended(receipt), verdict(Fact.ONLINE, Hash32.ZERO, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theResultDigestDependsOnPathsAndContentsOnly() {
        Receipt.Output a = new Receipt.Output("a", samples.sha256(), 1);
        Receipt.Output b = new Receipt.Output("b", samples.sha256(), 2);
        Hash32 digest = SlaVerdict.resultDigest(outputs(a, b));
        assertThat(SlaVerdict.resultDigest(outputs(b, a))).isEqualTo(digest);
        assertThat(SlaVerdict.resultDigest(outputs(a))).isNotEqualTo(digest);
        assertThat(SlaVerdict.resultDigest(outputs(a, new Receipt.Output("c", b.sha256(), 2))))
                .isNotEqualTo(digest);
        assertThat(SlaVerdict.resultDigest(outputs(a, new Receipt.Output("b", a.sha256(), 2))))
                .isNotEqualTo(digest);
    }

    private Receipt outputs(Receipt.Output... outputs) {
        return new Receipt(
                lease.id(), "c", spec.image(), Ending.COMPLETED, 0, at(0), at(1), 1, List.of(outputs), null, 0, "0x");
    }

    @Test
    void theCostNeverPassesTheCapAndAddsUp() {
        Cases.forAll(10_000, random -> {
            JobSpec some = new SampleSpec()
                    .gpus(random.between(1, 8))
                    .cap(Ath.ofWei(random.random().nextLong(1_000_000)))
                    .maxDurationMillis(random.between(1, 100_000))
                    .maxPrice(random.random().nextLong(1, 100_000))
                    .build();
            TaskId id = random.task();
            Lease at = random.lease(id.lease(1), some, random.upTo(some.maxPrice()));
            Receipt r = random.receipt(at.id(), random.oneOf(List.of(Ending.values())), random.between(0, 200_000));
            Job.Ended ended = new Job.Ended(
                    new Job.Order(id, random.wallet(), some), r.ending(), at, r, at(0), at(random.between(0, 200_000)));
            Verdict verdict =
                    random.chance(20) ? null : verdict(Fact.ENDED_BY_CLIENT, Hash32.ZERO, random.between(-5, 200_000));
            Assessment a = SlaVerdict.assess(ended, verdict, ROUND, PARAMETERS);
            assertThat(a.cost().plus(a.release())).isEqualTo(some.capOfTask());
            assertThat(a.providerAmount().plus(a.protocolFee())).isEqualTo(a.cost());
            assertThat(a.billableMillis()).isBetween(0L, some.maxDurationMillis());
        });
    }
}
