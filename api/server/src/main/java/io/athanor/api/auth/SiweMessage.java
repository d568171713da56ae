package io.athanor.api.auth;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text that a wallet signs to sign in. Only the fields that are checked are kept. Source: EIP-4361.
 *
 * @param domain {@code host[:port]} the wallet meant
 * @param expiresAt null where the message has no end of its own
 */
public record SiweMessage(
        String domain,
        Wallet wallet,
        String uri,
        long chainId,
        String nonce,
        Instant issuedAt,
        @Nullable Instant expiresAt) {
    private static final int MAX_CHARS = 2_000;
    private static final Pattern FORM = Pattern.compile("""
            (?:https?://)?(?<domain>[A-Za-z0-9.:\\[\\]-]{1,255}) wants you to sign in with your Ethereum account:
            (?<address>0x[0-9a-fA-F]{40})

            (?:[^\\n]{0,500}\\n)?
            URI: (?<uri>[!-~]{1,500})
            Version: 1
            Chain ID: (?<chain>[0-9]{1,18})
            Nonce: (?<nonce>[A-Za-z0-9]{8,64})
            Issued At: (?<issued>[0-9TZ:.+-]{10,40})(?:
            Expiration Time: (?<expires>[0-9TZ:.+-]{10,40}))?(?:
            Not Before: [0-9TZ:.+-]{10,40})?(?:
            Request ID: [!-~]{0,100})?(?:
            Resources:(?:\\n- [!-~]{1,500}){0,20})?""");

    /** Error: {@link Refused} MALFORMED. */
    public static SiweMessage parse(String text) {
        Refused.unless(text.length() <= MAX_CHARS, Reason.TOO_LARGE, "a sign-in message has at most 2000 characters");
        Matcher fields = FORM.matcher(text);
        if (!fields.matches()) {
            throw new Refused(Reason.MALFORMED, "message: not in the form of EIP-4361");
        }
        try {
            String expires = fields.group("expires");
            return new SiweMessage(
                    fields.group("domain"),
                    Wallet.parse(fields.group("address")),
                    fields.group("uri"),
                    Long.parseLong(fields.group("chain")),
                    fields.group("nonce"),
                    instant(fields.group("issued")),
                    expires == null ? null : instant(expires));
        } catch (DateTimeException e) {
            throw new Refused(Reason.MALFORMED, "message: " + e.getMessage());
        }
    }

    private static Instant instant(String rfc3339) {
        return OffsetDateTime.parse(rfc3339).toInstant();
    }

    /** The text for these fields, as a client builds it. */
    public String text() {
        String head = domain + " wants you to sign in with your Ethereum account:\n" + wallet + "\n\n\nURI: " + uri
                + "\nVersion: 1\nChain ID: " + chainId + "\nNonce: " + nonce + "\nIssued At: " + issuedAt;
        return expiresAt == null ? head : head + "\nExpiration Time: " + expiresAt;
    }
}
