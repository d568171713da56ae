package io.athanor.api.auth;

import io.athanor.api.ApiSettings;
import io.athanor.api.web.Problems;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/** Reads {@code Authorization: Bearer}, an access token or an API key. A wrong one is refused, never ignored. */
final class BearerTokens extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final AccessTokens tokens;
    private final ApiKeys keys;
    private final ApiSettings settings;

    BearerTokens(AccessTokens tokens, ApiKeys keys, ApiSettings settings) {
        this.tokens = tokens;
        this.keys = keys;
        this.settings = settings;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader("Authorization");
        if (header != null) {
            Optional<Caller.Account> caller =
                    header.startsWith(SCHEME) ? read(header.substring(SCHEME.length())) : Optional.empty();
            if (caller.isEmpty()) {
                Problems.write(response, new Refused(Reason.NOT_SIGNED_IN, "the token is unknown, forged or over"));
                return;
            }
            caller.get().enter();
        }
        chain.doFilter(request, response);
    }

    private Optional<Caller.Account> read(String token) {
        if (token.startsWith(ApiKeys.PREFIX)) {
            return keys.ownerOf(token).map(owner -> new Caller.Account(owner.wallet(), owner.scopes(), false, false));
        }
        return tokens.read(token).map(this::signedIn);
    }

    private Caller.Account signedIn(Wallet wallet) {
        return new Caller.Account(
                wallet, EnumSet.allOf(Scope.class), true, settings.operators().contains(wallet));
    }
}
