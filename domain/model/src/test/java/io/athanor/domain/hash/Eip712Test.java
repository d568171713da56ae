package io.athanor.domain.hash;

import static io.athanor.domain.hash.Eip712.field;
import static io.athanor.domain.hash.Eip712.listField;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.athanor.domain.hash.Eip712.Domain;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Eip712Test {
    private static final String COW = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
    private static final String COW_TWO = "0xDeaDbeefdEAdbeefdEadbEEFdeadbeEFdEaDbeeF";
    private static final String BOB = "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB";
    private static final String BOB_TWO = "0xB0BdaBea57B0BDABeA57b0bdABEA57b0BDabEa57";
    private static final String BOB_THREE = "0xB0B0b0b0b0b0B000000000000000000000000000";
    private static final Domain ETHER_MAIL =
            Domain.of("Ether Mail", "1", 1, "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC");

    private static final Eip712.Type EVERYTHING = Eip712.Type.of(
            "Everything",
            field("a", "address"),
            field("n", "uint8"),
            field("h", "bytes32"),
            field("b", "bool"),
            field("s", "string"),
            field("d", "bytes"),
            field("list", "uint256[]"),
            field("pair", "bool[2]"));

    private static Map<String, Object> everything() {
        Map<String, Object> values = new HashMap<>();
        values.put("a", COW);
        values.put("n", 255);
        values.put("h", Hash32.ZERO);
        values.put("b", true);
        values.put("s", "text");
        values.put("d", new byte[] {1, 2, 3});
        values.put("list", List.of(1L, BigInteger.TWO.pow(256).subtract(BigInteger.ONE)));
        values.put("pair", List.of(true, false));
        return values;
    }

    /** The example of EIP-712 itself. */
    @Test
    void mailOfTheStandard() {
        Eip712.Type person = Eip712.Type.of("Person", field("name", "string"), field("wallet", "address"));
        Eip712.Type mail =
                Eip712.Type.of("Mail", field("from", person), field("to", person), field("contents", "string"));
        Hash32 hash = mail.hashStruct(Map.of(
                "from", Map.of("name", "Cow", "wallet", COW),
                "to", Map.of("name", "Bob", "wallet", BOB),
                "contents", "Hello, Bob!"));

        assertThat(mail.encodedType())
                .isEqualTo("Mail(Person from,Person to,string contents)Person(string name,address wallet)");
        assertThat(mail.typeHash()).hasToString("0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2");
        assertThat(ETHER_MAIL.separator())
                .hasToString("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f");
        assertThat(hash).hasToString("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e");
        assertThat(Eip712.digest(ETHER_MAIL, hash))
                .hasToString("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
    }

    /** The example with arrays that wallets test their {@code eth_signTypedData_v4} with. */
    @Test
    void mailWithArrays() {
        Eip712.Type person = Eip712.Type.of("Person", field("name", "string"), field("wallets", "address[]"));
        Eip712.Type mail =
                Eip712.Type.of("Mail", field("from", person), listField("to", person), field("contents", "string"));
        Hash32 hash = mail.hashStruct(Map.of(
                "from", Map.of("name", "Cow", "wallets", List.of(COW, COW_TWO)),
                "to", List.of(Map.of("name", "Bob", "wallets", List.of(BOB, BOB_TWO, BOB_THREE))),
                "contents", "Hello, Bob!"));

        assertThat(mail.encodedType())
                .isEqualTo("Mail(Person from,Person[] to,string contents)Person(string name,address[] wallets)");
        assertThat(mail.typeHash()).hasToString("0x4bd8a9a2b93427bb184aca81e24beb30ffa3c747e2a33d4225ec08bf12e2e753");
        assertThat(hash).hasToString("0xeb4221181ff3f1a83ea7313993ca9218496e424604ba9492bb4052c03d5c3df8");
        assertThat(Eip712.digest(ETHER_MAIL, hash))
                .hasToString("0xa85c2e2b118698e88db68a8105b794a8cc7cec074e89ef991cb4f5f533819cc2");
    }

    @Test
    void domainWithoutAContractHashesThreeFields() {
        Hash32 expected = Hash32.keccak(
                Keccak256.hash("EIP712Domain(string name,string version,uint256 chainId)".getBytes(UTF_8)),
                Keccak256.hash("Athanor".getBytes(UTF_8)),
                Keccak256.hash("1".getBytes(UTF_8)),
                Abi.Layout.of("uint256 chainId").encode(31337));
        assertThat(Domain.of("Athanor", "1", 31337).separator()).isEqualTo(expected);
        assertThat(Domain.of("Athanor", "1", 31338).separator()).isNotEqualTo(expected);
        assertThat(Domain.of("Athanor", "2", 31337).separator()).isNotEqualTo(expected);
        assertThat(Domain.of("Athanor", "1", 31337, COW).separator()).isNotEqualTo(expected);
    }

    @Test
    void structsReferredToAreSortedByName() {
        Eip712.Type zed = Eip712.Type.of("Zed", field("x", "bool"));
        Eip712.Type amy = Eip712.Type.of("Amy", field("z", zed));
        Eip712.Type top = Eip712.Type.of("Top", field("z", zed), listField("a", amy));
        assertThat(top.encodedType()).isEqualTo("Top(Zed z,Amy[] a)Amy(Zed z)Zed(bool x)");
    }

    @Test
    void everyFieldChangesTheHash() {
        Hash32 original = EVERYTHING.hashStruct(everything());
        assertThat(EVERYTHING.hashStruct(everything())).isEqualTo(original);
        Map<String, Object> others = Map.of(
                "a",
                COW_TWO,
                "n",
                254,
                "h",
                Hash32.keccak(),
                "b",
                false,
                "s",
                "texT",
                "d",
                new byte[] {1, 2},
                "list",
                List.of(1L),
                "pair",
                List.of(false, false));
        others.forEach((name, value) -> {
            Map<String, Object> changed = everything();
            changed.put(name, value);
            assertThat(EVERYTHING.hashStruct(changed)).as(name).isNotEqualTo(original);
        });
    }

    @Test
    void equalValuesOfAnotherJavaTypeHashAlike() {
        Map<String, Object> same = everything();
        same.put("a", Eip55.bytes(COW));
        same.put("n", BigInteger.valueOf(255));
        same.put("h", new byte[32]);
        assertThat(EVERYTHING.hashStruct(same)).isEqualTo(EVERYTHING.hashStruct(everything()));
    }

    @Test
    void aMisfitNamesItsField() {
        refuses("a", "0x12", "field 'a'");
        refuses("a", new byte[19], "field 'a'");
        refuses("a", 7, "field 'a'");
        refuses("n", 256, "field 'n'");
        refuses("n", -1, "field 'n'");
        refuses("n", "1", "field 'n'");
        refuses("n", 1.0, "field 'n'");
        refuses("h", new byte[33], "field 'h'");
        refuses("h", "0x", "field 'h'");
        refuses("b", 1, "field 'b'");
        refuses("s", 'c', "field 's'");
        refuses("s", "\ud800", "field 's'");
        refuses("d", "0x01", "field 'd'");
        refuses("list", List.of(1, -2), "field 'list[1]'");
        refuses("list", 1, "field 'list'");
        refuses("pair", List.of(true), "field 'pair'");
        refuses("more", 1, "field 'more'");
    }

    private static void refuses(String name, Object value, String message) {
        Map<String, Object> values = everything();
        values.put(name, value);
        assertThatIllegalArgumentException()
                .as("%s = %s", name, value)
                .isThrownBy(() -> EVERYTHING.hashStruct(values))
                .withMessageContaining(message);
    }

    @Test
    void aMissingFieldAndANestedMisfitAreNamed() {
        Map<String, Object> values = everything();
        values.remove("b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EVERYTHING.hashStruct(values))
                .withMessageContaining("field 'b'");
        Eip712.Type outer = Eip712.Type.of("Outer", listField("inner", Eip712.Type.of("Inner", field("x", "uint64"))));
        assertThat(outer.hashStruct(Map.of("inner", List.of(Map.of("x", 1))))).isNotEqualTo(Hash32.ZERO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> outer.hashStruct(Map.of("inner", List.of(Map.of("x", 1), Map.of("x", -1)))))
                .withMessageContaining("field 'inner[1].x'");
    }

    @Test
    void badTypesAreRefused() {
        for (String type : List.of("uint7", "uint264", "uint", "uint08", "bytes31", "int256", "uint8[0]", "[]", "x")) {
            assertThatIllegalArgumentException().as(type).isThrownBy(() -> field("f", type));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> field("a b", "bool"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Eip712.Type.of("T", field("f", "bool"), field("f", "bool")));
        Eip712.Type inner = Eip712.Type.of("T", field("f", "bool"));
        assertThatIllegalArgumentException().isThrownBy(() -> Eip712.Type.of("T", field("t", inner)));
        Eip712.Type other = Eip712.Type.of("T", field("g", "bool"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Eip712.Type.of("U", field("a", inner), field("b", other)));
        assertThat(Eip712.Type.of("U", field("a", inner), field("b", inner)).encodedType())
                .isEqualTo("U(T a,T b)T(bool f)");
    }
}
