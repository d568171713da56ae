package io.athanor.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SiweMessageTest {
    /** The example of EIP-4361, with its resources. */
    private static final String EXAMPLE = """
            example.com wants you to sign in with your Ethereum account:
            0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

            I accept the ExampleOrg Terms of Service: https://example.com/tos

            URI: https://example.com/login
            Version: 1
            Chain ID: 1
            Nonce: 32891756
            Issued At: 2021-09-30T16:25:24Z
            Resources:
            - ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
            - https://example.com/my-web2-claim.json""";

    @Test
    void readsTheStandardsExample() {
        SiweMessage message = SiweMessage.parse(EXAMPLE);
        assertThat(message.domain()).isEqualTo("example.com");
        assertThat(message.wallet()).isEqualTo(Wallet.parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"));
        assertThat(message.chainId()).isEqualTo(1);
        assertThat(message.nonce()).isEqualTo("32891756");
        assertThat(message.issuedAt()).isEqualTo(Instant.parse("2021-09-30T16:25:24Z"));
        assertThat(message.expiresAt()).isNull();
    }

    @Test
    void readsWhatItWrites() {
        SiweMessage message = new SiweMessage(
                "127.0.0.1:8480",
                Wallet.ZERO,
                "http://127.0.0.1:8480",
                31_337,
                "abcdef0123456789",
                Instant.parse("2026-01-01T00:00:00.123Z"),
                Instant.parse("2026-01-01T00:05:00Z"));
        assertThat(SiweMessage.parse(message.text())).isEqualTo(message);
    }

    @Test
    void anythingElseIsMalformed() {
        for (String wrong : new String[] {
            "", EXAMPLE + "\nextra", EXAMPLE.replace("Version: 1", "Version: 2"), EXAMPLE.replace("32891756", "3")
        }) {
            assertThatThrownBy(() -> SiweMessage.parse(wrong))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.MALFORMED));
        }
    }
}
