package io.athanor.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import org.junit.jupiter.api.Test;

class PersonalMessageTest {
    /** The example of web3.eth.accounts.sign. */
    @Test
    void digestAndSignatureThatWalletsGive() {
        Secp256k1.KeyPair key =
                Secp256k1.keyPair(Hex.decode("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"));
        Hash32 digest = PersonalMessage.digest("Some data");
        assertThat(key.address()).isEqualTo("0x2c7536E3605D9C16a7a3D7b1898e529396a65c23");
        assertThat(digest).hasToString("0x1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655");
        assertThat(Hex.encode(Secp256k1.sign(key, digest)))
                .isEqualTo("0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd"
                        + "6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c");
    }

    @Test
    void theLengthCountsBytes() {
        assertThat(PersonalMessage.digest("\ud83e\udd17"))
                .hasToString("0x716ce69c5d2d629c168bc02e24a961456bdc5a362d366119305aea73978a0332");
    }
}
