package io.athanor.api.auth;

import io.athanor.api.ApiSettings;
import io.athanor.api.web.Network;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.SignatureFault;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sign-in by wallet: a nonce good for one use, a signed message, then a short access token and a refresh token that
 * changes at every use. A refresh token used twice was copied: its whole family ends.
 */
@Component
final class SignIn {
    static final Duration NONCE_LIFE = Duration.ofMinutes(5);
    static final Duration REFRESH_LIFE = Duration.ofDays(30);
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final int NONCE_BYTES = 16;
    private static final int NONCES_KEPT = 100_000;

    private final JdbcClient sql;
    private final TransactionTemplate transactions;
    private final AccessTokens tokens;
    private final Network network;
    private final ApiSettings settings;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    SignIn(
            JdbcClient sql,
            TransactionTemplate transactions,
            AccessTokens tokens,
            Network network,
            ApiSettings settings,
            InstantSource clock) {
        this.sql = sql;
        this.transactions = transactions;
        this.tokens = tokens;
        this.network = network;
        this.settings = settings;
        this.clock = clock;
    }

    record Nonce(String nonce, Instant expiresAt, long chainId) {}

    record Tokens(Wallet wallet, String accessToken, Instant expiresAt, String refreshToken) {}

    Nonce nonce() {
        Instant now = clock.instant();
        sql.sql("DELETE FROM api.sign_in_nonce WHERE expires_at < ?")
                .param(Timestamp.from(now))
                .update();
        long kept = sql.sql("SELECT count(*) FROM api.sign_in_nonce")
                .query(Long.class)
                .single();
        Refused.unless(kept < NONCES_KEPT, Reason.RATE_LIMITED, "too many sign-ins are under way");
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        Nonce fresh = new Nonce(
                HexFormat.of().formatHex(bytes),
                now.plus(NONCE_LIFE),
                network.identity().chainId());
        sql.sql("INSERT INTO api.sign_in_nonce (nonce, expires_at) VALUES (?, ?)")
                .params(fresh.nonce(), Timestamp.from(fresh.expiresAt()))
                .update();
        return fresh;
    }

    Tokens verify(String text, String signature, String host) {
        SiweMessage message = SiweMessage.parse(text);
        requireMeantForUs(message, host);
        Refused.unless(taken(message.nonce()), Reason.SIGNATURE_REPLAYED, "the nonce is unknown, used or over");
        Optional<SignatureFault> fault = Secp256k1.verify(
                PersonalMessage.digest(text),
                decode(signature),
                message.wallet().address());
        Refused.unless(
                fault.isEmpty(),
                Reason.SIGNATURE_INVALID,
                "signature: " + fault.map(Enum::name).orElse("") + "; sign with " + message.wallet());
        return issue(message.wallet(), UUID.randomUUID());
    }

    private void requireMeantForUs(SiweMessage message, String host) {
        boolean ours = settings.isOurs(message.domain(), host);
        Refused.unless(ours, Reason.SIGNATURE_INVALID, "the message is for " + message.domain());
        long chainId = network.identity().chainId();
        Refused.unless(message.chainId() == chainId, Reason.WRONG_CHAIN, "this network's chain id is " + chainId);
        Instant now = clock.instant();
        Refused.unless(
                !message.issuedAt().isAfter(now.plus(SKEW)),
                Reason.CLOCK_SKEW,
                "issued at " + message.issuedAt() + ", the server's time is " + now);
        boolean inTime = message.expiresAt() == null || now.isBefore(message.expiresAt());
        Refused.unless(inTime, Reason.SIGNATURE_EXPIRED, "the message ended at " + message.expiresAt());
    }

    static byte[] decode(String signature) {
        try {
            return Hex.decode(signature, Secp256k1.SIGNATURE_BYTES);
        } catch (IllegalArgumentException e) {
            throw new Refused(Reason.SIGNATURE_INVALID, "signature: " + e.getMessage());
        }
    }

    private boolean taken(String nonce) {
        return sql.sql("DELETE FROM api.sign_in_nonce WHERE nonce = ? AND expires_at > ?")
                        .params(nonce, Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    private Tokens issue(Wallet wallet, UUID family) {
        Instant now = clock.instant();
        String refresh = Secrets.random("athr_");
        sql.sql("INSERT INTO api.refresh_token (token_hash, family, wallet, expires_at) VALUES (?, ?, ?, ?)")
                .params(Secrets.hash(refresh), family, wallet.address(), Timestamp.from(now.plus(REFRESH_LIFE)))
                .update();
        return new Tokens(wallet, tokens.issue(wallet), now.plus(AccessTokens.LIFE), refresh);
    }

    private record Kept(UUID family, String wallet, boolean used, Timestamp expiresAt) {}

    Tokens refresh(String token) {
        Optional<Tokens> next = transactions.execute(status -> exchange(token));
        return Optional.ofNullable(next)
                .flatMap(found -> found)
                .orElseThrow(() -> new Refused(Reason.NOT_SIGNED_IN, "the refresh token is unknown, used or over"));
    }

    private Optional<Tokens> exchange(String token) {
        Optional<Kept> found = sql.sql(
                        "SELECT family, wallet, used, expires_at FROM api.refresh_token WHERE token_hash = ? FOR"
                                + " UPDATE")
                .param(Secrets.hash(token))
                .query(Kept.class)
                .optional();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Kept kept = found.get();
        if (kept.used() || kept.expiresAt().toInstant().isBefore(clock.instant())) {
            endFamily(kept.family());
            return Optional.empty();
        }
        sql.sql("UPDATE api.refresh_token SET used = true WHERE token_hash = ?")
                .param(Secrets.hash(token))
                .update();
        return Optional.of(issue(Wallet.parse(kept.wallet()), kept.family()));
    }

    /** Ends a sign-in; unknown tokens are no fault. */
    void logout(String token) {
        sql.sql("SELECT family FROM api.refresh_token WHERE token_hash = ?")
                .param(Secrets.hash(token))
                .query(UUID.class)
                .optional()
                .ifPresent(this::endFamily);
    }

    private void endFamily(UUID family) {
        sql.sql("DELETE FROM api.refresh_token WHERE family = ?").param(family).update();
    }
}
