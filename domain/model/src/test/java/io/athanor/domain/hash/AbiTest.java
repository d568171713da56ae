package io.athanor.domain.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.athanor.domain.hash.Abi.Layout;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class AbiTest {
    private static final String ADDRESS = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
    private static final BigInteger UINT256_MAX = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

    @Test
    void eachValueIsOneWord() {
        Layout layout =
                Layout.of("bytes32 job", "address client", "uint256 cost", "uint8 state", "uint64 at", "bool ok");
        byte[] encoded = layout.encode(Hash32.keccak(), ADDRESS, UINT256_MAX, 7, Long.MAX_VALUE, true);
        assertThat(Hex.encode(encoded))
                .isEqualTo("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
                        + "000000000000000000000000cd2a3d9f938e13cd947ec05abc7fe734df8dd826"
                        + "f".repeat(64)
                        + "0".repeat(63) + "7"
                        + "0".repeat(48) + "7fffffffffffffff"
                        + "0".repeat(63) + "1");
    }

    @Test
    void aValueOutOfRangeNamesItsField() {
        Layout layout = Layout.of("uint8 state");
        assertThat(layout.encode(255)).hasSize(32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layout.encode(256))
                .withMessageContaining("'state'");
        assertThatIllegalArgumentException().isThrownBy(() -> layout.encode(-1)).withMessageContaining("'state'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layout.of("uint256 cost").encode(UINT256_MAX.add(BigInteger.ONE)))
                .withMessageContaining("'cost'");
    }

    @Test
    void theNumberOfValuesIsFixed() {
        Layout layout = Layout.of("uint8 a", "uint8 b");
        assertThat(layout.encode(1, 2)).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> layout.encode(1));
        assertThatIllegalArgumentException().isThrownBy(() -> layout.encode(1, 2, 3));
    }

    @Test
    void onlyWordsAndNewNamesMakeALayout() {
        assertThatIllegalArgumentException().isThrownBy(() -> Layout.of("string s"));
        assertThatIllegalArgumentException().isThrownBy(() -> Layout.of("uint8[] s"));
        assertThatIllegalArgumentException().isThrownBy(() -> Layout.of("uint8"));
        assertThatIllegalArgumentException().isThrownBy(() -> Layout.of("uint8 a", "uint8 a"));
    }
}
