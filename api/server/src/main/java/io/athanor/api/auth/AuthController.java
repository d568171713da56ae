package io.athanor.api.auth;

import io.athanor.api.auth.ApiKeys.ApiKeyList;
import io.athanor.api.auth.ApiKeys.MadeKey;
import io.athanor.domain.common.Wallet;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Sign-in by wallet (EIP-4361), refresh, and API keys. */
@RestController
@RequestMapping("/v1/auth")
class AuthController {
    private final SignIn signIn;
    private final ApiKeys keys;

    AuthController(SignIn signIn, ApiKeys keys) {
        this.signIn = signIn;
        this.keys = keys;
    }

    record SignedMessage(String message, String signature) {}

    record Refresh(String refreshToken) {}

    record NewKey(String name, Set<Scope> scopes, Instant expiresAt) {}

    record Me(Wallet wallet, boolean operator) {}

    @PostMapping("/nonce")
    SignIn.Nonce nonce() {
        return signIn.nonce();
    }

    @PostMapping("/verify")
    SignIn.Tokens verify(@RequestBody SignedMessage body, @RequestHeader("Host") String host) {
        return signIn.verify(body.message(), body.signature(), host);
    }

    @PostMapping("/refresh")
    SignIn.Tokens refresh(@RequestBody Refresh body) {
        return signIn.refresh(body.refreshToken());
    }

    @PostMapping("/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logout(@RequestBody Refresh body) {
        signIn.logout(body.refreshToken());
    }

    @GetMapping("/me")
    Me me() {
        Caller.Account account = Caller.current(Caller.Account.class);
        return new Me(account.wallet(), account.operator());
    }

    @GetMapping("/api-keys")
    ApiKeyList keys() {
        return keys.list(Caller.current(Caller.Account.class).wallet());
    }

    @PostMapping("/api-keys")
    @ResponseStatus(HttpStatus.CREATED)
    MadeKey make(@RequestBody NewKey body) {
        Wallet wallet = Caller.current(Caller.Account.class).wallet();
        return keys.make(wallet, body.name(), body.scopes(), body.expiresAt());
    }

    @DeleteMapping("/api-keys/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable UUID id) {
        keys.revoke(Caller.current(Caller.Account.class).wallet(), id);
    }
}
