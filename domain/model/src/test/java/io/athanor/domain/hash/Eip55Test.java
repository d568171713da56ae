package io.athanor.domain.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Eip55Test {
    private static final String VALID = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    private static final String WRONG_CASE = "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    /** The vectors of EIP-55 itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x52908400098527886E0F7030069857D2E4169EE7",
                "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
                "0xde709f2102306220921060314715629080e2fb77",
                "0x27b1fdb04752bbc536007a920d24acb045561c26",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
                "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
            })
    void publishedAddresses(String address) {
        assertThat(Eip55.checksum(address.toLowerCase(Locale.ROOT))).isEqualTo(address);
        assertThat(Eip55.parseStrict(address)).isEqualTo(address);
        assertThat(Eip55.parseLenient("0x" + address.substring(2).toUpperCase(Locale.ROOT)))
                .isEqualTo(address);
        assertThat(Eip55.checksum(Eip55.bytes(address))).isEqualTo(address);
    }

    @Test
    void strictWantsTheChecksumAndLenientTakesOneCase() {
        String lower = VALID.toLowerCase(Locale.ROOT);
        assertThat(Eip55.parseStrict(VALID)).isEqualTo(VALID);
        assertThat(Eip55.parseLenient(lower)).isEqualTo(VALID);
        assertThatIllegalArgumentException().isThrownBy(() -> Eip55.parseStrict(lower));
        assertThatIllegalArgumentException().isThrownBy(() -> Eip55.parseLenient(WRONG_CASE));
        assertThatIllegalArgumentException().isThrownBy(() -> Eip55.parseStrict(WRONG_CASE));
        assertThat(Eip55.checksum(WRONG_CASE)).isEqualTo(VALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0x",
                "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0",
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Eip55.checksum(text));
        assertThatIllegalArgumentException().isThrownBy(() -> Eip55.parseLenient(text));
    }
}
