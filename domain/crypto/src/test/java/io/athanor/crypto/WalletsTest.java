package io.athanor.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.athanor.domain.hash.Hex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalletsTest {
    /** The accounts that anvil and its kin print at their start. */
    @ParameterizedTest
    @CsvSource({
        "0, 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "1, 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "2, 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
        "3, 0x90F79bf6EB2c4f870365E785982E1f101E93b906",
        "4, 0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
        "9, 0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"
    })
    void devnetAddresses(int index, String address) {
        assertThat(Wallets.devnet(index).address()).isEqualTo(address);
    }

    @Test
    void devnetPrivateKeys() {
        assertThat(Hex.encode(Wallets.devnet(0).privateKey()))
                .isEqualTo("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
        assertThat(Hex.encode(Wallets.devnet(1).privateKey()))
                .isEqualTo("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
        assertThatIllegalArgumentException().isThrownBy(() -> Wallets.devnet(-1));
    }

    /** The first English vector of BIP-39. */
    @Test
    void seedOfBip39() {
        String mnemonic = "abandon ".repeat(11) + "about";
        assertThat(Hex.encode(Wallets.seed(mnemonic, "TREZOR")))
                .isEqualTo("0xc55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531"
                        + "f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04");
    }

    /** Test vector 1 of BIP-32: m, m/0', m/0'/1. */
    @Test
    void treeOfBip32() {
        ExtendedKey master = ExtendedKey.master(Hex.decode("0x000102030405060708090a0b0c0d0e0f"));
        ExtendedKey hardened = master.child(ExtendedKey.HARDENED);
        ExtendedKey normal = hardened.child(1);
        assertThat(Hex.encode(master.key().privateKey()))
                .isEqualTo("0xe8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35");
        assertThat(master.chainCode().hex())
                .isEqualTo("0x873dff81c02f525623fd1fe5167eac3a55a049de3d314bb42ee227ffed37d508");
        assertThat(Hex.encode(hardened.key().privateKey()))
                .isEqualTo("0xedb2e14f9ee77d26dd93b4ecede8d16ed408ce149b6cd80b0715a2d911a0afea");
        assertThat(Hex.encode(normal.key().privateKey()))
                .isEqualTo("0x3c6cb8d0f6a264c91ea8b5030fadaa8e538b020f0a387421a12de9319dc93368");
        assertThat(normal.chainCode().hex())
                .isEqualTo("0x2a7857631386ba23dacac34180dd1983734e444fdbf774041578e9b6adb37c19");
    }
}
