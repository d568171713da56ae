package io.athanor.domain.penalty;

import static io.athanor.domain.testing.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.penalty.PenaltyShare.Kind;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PenaltyPolicyTest {
    private static final ProtocolParameters RULES = SampleParameters.get();
    private static final Ath REQUIRED = Ath.ofWhole(10_000);
    private static final Instant LATE = START.plus(Duration.ofDays(30));
    private final Samples samples = new Samples(8);

    private Downtime outage(Instant agreedEnd, Ath... bills) {
        List<LostLease> leases = new ArrayList<>();
        for (Ath bill : bills) {
            leases.add(new LostLease(samples.task().lease(1), samples.wallet(), 1, bill, agreedEnd));
        }
        RoundId round = new RoundId(3, RoundId.Kind.LIVENESS, 0, 0);
        return new Downtime(
                PoolId.ofProvider(samples.wallet()),
                samples.machine(),
                START,
                leases,
                REQUIRED,
                List.of(round),
                List.of("a"));
    }

    @ParameterizedTest
    @CsvSource({
        "180000, 0",
        "180001, 400",
        "420000, 400",
        "420001, 800",
        "172800001, 6000",
        "432000001, 10000",
    })
    void theBandFollowsTheLength(long millis, long bps) {
        Instant now = START.plusMillis(millis);
        assertThat(PenaltyPolicy.rateBps(outage(LATE, Ath.ZERO), null, now, RULES))
                .isEqualTo(bps);
        assertThat(PenaltyPolicy.rateBps(outage(LATE, Ath.ZERO), now, LATE, RULES))
                .as("an outage that ended does not go on")
                .isEqualTo(bps);
    }

    @Test
    void afterTheAgreedEndNothingIsOwed() {
        Downtime shortLease = outage(START.plusSeconds(200), Ath.ZERO);
        assertThat(PenaltyPolicy.rateBps(shortLease, null, LATE, RULES)).isEqualTo(400);
        assertThat(PenaltyPolicy.length(outage(START.minusSeconds(1), Ath.ZERO), null, LATE))
                .isZero();
    }

    @Test
    void penaltiesRoundAgainstTheSlashedAndStopAtWhatIsAtRisk() {
        Downtime outage = outage(LATE, Ath.ZERO);
        assertThat(PenaltyPolicy.amount(outage, 400, REQUIRED)).isEqualTo(Ath.ofWhole(400));
        assertThat(PenaltyPolicy.amount(outage, 10_000, Ath.ofWhole(7))).isEqualTo(Ath.ofWhole(7));
        Offence.Counterfeit odd = new Offence.Counterfeit(
                outage.accused(), outage.machine(), outage.rounds().getFirst(), Ath.ofWei(3), List.of("a"), START);
        assertThat(PenaltyPolicy.amount(odd, 1, REQUIRED)).isEqualTo(Ath.ofWei(1));
    }

    @Test
    void withoutALargeCommitteeATenthIsTheMostInAMonth() {
        assertThat(PenaltyPolicy.uncommitteedMost(Ath.ofWhole(1_000), Ath.ZERO, RULES))
                .isEqualTo(Ath.ofWhole(100));
        assertThat(PenaltyPolicy.uncommitteedMost(Ath.ofWhole(940), Ath.ofWhole(60), RULES))
                .isEqualTo(Ath.ofWhole(40));
        assertThat(PenaltyPolicy.uncommitteedMost(Ath.ofWhole(900), Ath.ofWhole(100), RULES))
                .isEqualTo(Ath.ZERO);
    }

    @Test
    void aBondIsAShareOrTheLeast() {
        assertThat(PenaltyPolicy.appealBond(Ath.ofWhole(10), RULES)).isEqualTo(Ath.ofWhole(100));
        assertThat(PenaltyPolicy.appealBond(Ath.ofWhole(10_000), RULES)).isEqualTo(Ath.ofWhole(1_000));
    }

    @Test
    void aClientGetsItsBillAtMost() {
        Downtime outage = outage(LATE, Ath.ofWhole(3), Ath.ofWhole(1));
        List<PenaltyShare> shares = PenaltyPolicy.split(outage, Ath.ofWhole(1_000), null, RULES);
        assertThat(shares)
                .extracting(PenaltyShare::kind, PenaltyShare::amount)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(Kind.CLIENT, Ath.ofWhole(3)),
                        org.assertj.core.api.Assertions.tuple(Kind.CLIENT, Ath.ofWhole(1)),
                        org.assertj.core.api.Assertions.tuple(Kind.TREASURY, Ath.ofWhole(996)));
    }

    @Test
    void theSharesAlwaysAddUpToWhatWasTaken() {
        Cases.forAll(500, s -> {
            Downtime outage = outage(LATE, Ath.ofWei(s.between(0, 1_000)), Ath.ofWei(s.between(0, 1_000)));
            Ath taken = Ath.ofWei(s.between(0, 5_000));
            Wallet reporter = s.chance(50) ? s.wallet() : null;
            List<PenaltyShare> shares = PenaltyPolicy.split(outage, taken, reporter, RULES);
            assertThat(Ath.sum(shares.stream().map(PenaltyShare::amount).toList()))
                    .isEqualTo(taken);
            assertThat(shares).noneMatch(share -> share.amount().isZero());
        });
    }
}
