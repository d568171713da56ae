package io.athanor.domain.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.testing.Cases;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AthTest {
    @Test
    void anAmountIsNeverNegativeNorBeyondAWord() {
        assertThatThrownBy(() -> Ath.ofWei(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ath.ofWei(1).minus(Ath.ofWei(2))).isInstanceOf(IllegalArgumentException.class);
        BigInteger word = BigInteger.TWO.pow(256);
        assertThatThrownBy(() -> new Ath(word)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Ath(word.subtract(BigInteger.ONE)).toString()).hasSize(78);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.0", "0x1", "1e18", " 1"})
    void anotherSpellingIsRefused(String text) {
        assertThatThrownBy(() -> Ath.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void peopleReadWholeAth() {
        assertThat(Ath.parse("1500000000000000000").display()).isEqualTo("1.5 ATH");
        assertThat(Ath.ofWhole(3).display()).isEqualTo("3 ATH");
        assertThat(Ath.ofWei(1).display()).isEqualTo("0.000000000000000001 ATH");
        assertThat(Ath.SUPPLY).isEqualTo(Ath.ofWhole(42_000_000_000L));
    }

    @Test
    void sharesAreFlooredAndPartsNeverPassTheWhole() {
        Cases.forAll(2_000, samples -> {
            Ath whole = new Ath(new BigInteger(samples.between(1, 100), samples.random()));
            int parts = samples.between(1, 9);
            Ath part = whole.share(1, parts);
            assertThat(whole.covers(part.times(parts))).isTrue();
            assertThat(whole.minus(part.times(parts))).isLessThan(Ath.ofWei(parts));
            assertThat(Ath.parse(whole.toString())).isEqualTo(whole);
            long bps = samples.between(0, 10_000);
            assertThat(whole.bps(bps).plus(whole.bps(10_000 - bps))).isLessThanOrEqualTo(whole);
        });
        assertThat(Ath.ofWei(5).share(1, 0)).isEqualTo(Ath.ZERO);
        assertThat(Ath.sum(List.of(Ath.ofWei(1), Ath.ofWei(2)))).isEqualTo(Ath.ofWei(3));
    }
}
