package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class FeesTest {
    private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000L);

    private static BigInteger wei(long amount) {
        return BigInteger.valueOf(amount);
    }

    @Test
    void theFirstOfferIsTwiceTheBaseFeeAndATip() {
        assertThat(Fees.first(wei(7))).isEqualTo(new Fees(GWEI.add(wei(14)), GWEI));
    }

    @Test
    void aRaiseIsAnEighthRoundedUp() {
        assertThat(new Fees(wei(800), wei(80)).raised()).isEqualTo(new Fees(wei(900), wei(90)));
        assertThat(new Fees(wei(801), wei(1)).raised()).isEqualTo(new Fees(wei(902), wei(2)));
    }

    @Test
    void everyRaiseIsAtLeastTwelveAndAHalfPercent() {
        Fees fees = Fees.first(wei(123_456_789));
        for (int i = 0; i < 60; i++) {
            Fees raised = fees.raised();
            assertThat(raised.most().multiply(wei(1000)))
                    .isGreaterThanOrEqualTo(fees.most().multiply(wei(1125)));
            assertThat(raised.tip().multiply(wei(1000)))
                    .isGreaterThanOrEqualTo(fees.tip().multiply(wei(1125)));
            assertThat(raised.tip()).isLessThanOrEqualTo(raised.most());
            fees = raised;
        }
    }

    @Test
    void theCapIsFiveHundredGwei() {
        assertThat(new Fees(GWEI.multiply(wei(500)), GWEI).withinCap()).isTrue();
        assertThat(new Fees(GWEI.multiply(wei(500)).add(BigInteger.ONE), GWEI).withinCap())
                .isFalse();
        assertThat(Fees.first(GWEI.multiply(wei(400))).withinCap()).isTrue();
    }
}
