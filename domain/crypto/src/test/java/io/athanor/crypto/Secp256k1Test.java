package io.athanor.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.athanor.domain.hash.Digests;
import io.athanor.domain.hash.Eip712;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.Keccak256;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Secp256k1Test {
    private static final Secp256k1.KeyPair KEY = Wallets.devnet(0);
    private static final Hash32 DIGEST = Hash32.keccak("order".getBytes(UTF_8));
    private static final byte[] SIGNATURE = Secp256k1.sign(KEY, DIGEST);

    /** Vectors of RFC 6979 for this curve that wallets share: private key 1, SHA-256 of the message. */
    @ParameterizedTest
    @CsvSource({
        "Satoshi Nakamoto,"
                + "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                + "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
        "'All those moments will be lost in time, like tears in rain. Time to die...',"
                + "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b"
                + "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"
    })
    void deterministicNonces(String message, String expected) {
        Secp256k1.KeyPair one = Secp256k1.keyPair(BigIntegers.asUnsignedByteArray(32, BigInteger.ONE));
        Hash32 digest = Hash32.of(Digests.sha256(message.getBytes(UTF_8)));
        byte[] signature = Secp256k1.sign(one, digest);
        assertThat(Hex.encode(signature)).startsWith("0x" + expected);
        assertThat(Secp256k1.verify(digest, signature, one.address())).isEmpty();
    }

    /** The signature printed in EIP-712, by the key keccak("cow"). */
    @Test
    void signsTheMailOfEip712() {
        Eip712.Type person =
                Eip712.Type.of("Person", Eip712.field("name", "string"), Eip712.field("wallet", "address"));
        Eip712.Type mail = Eip712.Type.of(
                "Mail", Eip712.field("from", person), Eip712.field("to", person), Eip712.field("contents", "string"));
        Eip712.Domain domain = Eip712.Domain.of("Ether Mail", "1", 1, "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC");
        Secp256k1.KeyPair cow = Secp256k1.keyPair(Keccak256.hash("cow".getBytes(UTF_8)));
        Map<String, Object> values = Map.of(
                "from", Map.of("name", "Cow", "wallet", cow.address()),
                "to", Map.of("name", "Bob", "wallet", "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"),
                "contents", "Hello, Bob!");

        assertThat(cow.address()).isEqualTo("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826");
        assertThat(Hex.encode(new TypedSigner(cow, domain).sign(mail, values)))
                .isEqualTo("0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
                        + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562"
                        + "1c");
    }

    @Test
    void theSignerIsRecoveredAndNobodyElseVerifies() {
        String other = Wallets.devnet(1).address();
        assertThat(Secp256k1.recover(DIGEST, SIGNATURE)).isEqualTo(new Recovery.Signer(KEY.address()));
        assertThat(Secp256k1.verify(DIGEST, SIGNATURE, KEY.address())).isEmpty();
        assertThat(Secp256k1.verify(DIGEST, SIGNATURE, other)).contains(SignatureFault.WRONG_SIGNER);
        assertThat(Secp256k1.verify(Hash32.ZERO, SIGNATURE, KEY.address())).contains(SignatureFault.WRONG_SIGNER);
    }

    @Test
    void aSignatureOfTheWrongFormIsRefusedWithItsFault() {
        assertThat(faultOf(SIGNATURE)).isNull();
        assertThat(faultOf(Arrays.copyOf(SIGNATURE, 64))).isEqualTo(SignatureFault.WRONG_LENGTH);
        assertThat(faultOf(Arrays.copyOf(SIGNATURE, 66))).isEqualTo(SignatureFault.WRONG_LENGTH);
        assertThat(faultOf(new byte[0])).isEqualTo(SignatureFault.WRONG_LENGTH);
        for (int v : new int[] {0, 1, 26, 29, 31, 255}) {
            byte[] changed = SIGNATURE.clone();
            changed[64] = (byte) v;
            assertThat(faultOf(changed)).as("v %d", v).isEqualTo(SignatureFault.WRONG_V);
        }
        byte[] zeroR = SIGNATURE.clone();
        Arrays.fill(zeroR, 0, 32, (byte) 0);
        assertThat(faultOf(zeroR)).isEqualTo(SignatureFault.OUT_OF_RANGE);
        byte[] zeroS = SIGNATURE.clone();
        Arrays.fill(zeroS, 32, 64, (byte) 0);
        assertThat(faultOf(zeroS)).isEqualTo(SignatureFault.OUT_OF_RANGE);
        byte[] orderAsR = SIGNATURE.clone();
        BigIntegers.asUnsignedByteArray(Secp256k1.ORDER, orderAsR, 0, 32);
        assertThat(faultOf(orderAsR)).isEqualTo(SignatureFault.OUT_OF_RANGE);
    }

    /** The twin (r, n − s, other v) is mathematically valid, which is why it must be refused by name. */
    @Test
    void theMalleableTwinIsRefused() {
        byte[] twin = SIGNATURE.clone();
        BigInteger s = new BigInteger(1, SIGNATURE, 32, 32);
        BigIntegers.asUnsignedByteArray(Secp256k1.ORDER.subtract(s), twin, 32, 32);
        twin[64] = (byte) (27 + 28 - SIGNATURE[64]);
        assertThat(faultOf(twin)).isEqualTo(SignatureFault.HIGH_S);
        assertThat(faultOf(SIGNATURE)).isNull();
    }

    /** x = 5 lies on no point of y² = x³ + 7 over this field. */
    @Test
    void anRThatIsNoPointIsRefused() {
        byte[] noPoint = SIGNATURE.clone();
        BigIntegers.asUnsignedByteArray(BigInteger.valueOf(5), noPoint, 0, 32);
        assertThat(faultOf(noPoint)).isEqualTo(SignatureFault.NO_SUCH_KEY);
    }

    /** With R = G, s = 1 and e = 1 the recovered key is sR − eG, the point at infinity. */
    @Test
    void aSignatureOfNoKeyIsRefused() {
        byte[] signature = new byte[65];
        BigInteger x = Secp256k1.PARAMETERS.getG().normalize().getAffineXCoord().toBigInteger();
        BigIntegers.asUnsignedByteArray(x, signature, 0, 32);
        signature[63] = 1;
        boolean odd = Secp256k1.PARAMETERS.getG().normalize().getAffineYCoord().testBitZero();
        signature[64] = (byte) (odd ? 28 : 27);
        Hash32 one = Hash32.of(BigIntegers.asUnsignedByteArray(32, BigInteger.ONE));
        assertThat(Secp256k1.recover(one, signature)).isEqualTo(new Recovery.Rejected(SignatureFault.NO_SUCH_KEY));
        assertThat(Secp256k1.recover(DIGEST, signature).address()).isPresent();
    }

    @Test
    void aPrivateKeyLiesBelowTheOrder() {
        byte[] last = BigIntegers.asUnsignedByteArray(32, Secp256k1.ORDER.subtract(BigInteger.ONE));
        assertThat(Secp256k1.keyPair(last).privateKey()).isEqualTo(last);
        byte[] order = BigIntegers.asUnsignedByteArray(32, Secp256k1.ORDER);
        assertThatIllegalArgumentException().isThrownBy(() -> Secp256k1.keyPair(order));
        assertThatIllegalArgumentException().isThrownBy(() -> Secp256k1.keyPair(new byte[32]));
        assertThatIllegalArgumentException().isThrownBy(() -> Secp256k1.keyPair(new byte[31]));
    }

    @Test
    void aKeyPairPrintsItsAddressOnly() {
        assertThat(KEY).hasToString(KEY.address());
    }

    @Test
    void generatedKeysDifferAndSign() {
        SecureRandom random = new SecureRandom();
        Secp256k1.KeyPair key = Secp256k1.generate(random);
        assertThat(Secp256k1.generate(random).address()).isNotEqualTo(key.address());
        assertThat(Secp256k1.verify(DIGEST, Secp256k1.sign(key, DIGEST), key.address()))
                .isEmpty();
    }

    private static @Nullable SignatureFault faultOf(byte[] signature) {
        return Secp256k1.verify(DIGEST, signature, KEY.address()).orElse(null);
    }
}
