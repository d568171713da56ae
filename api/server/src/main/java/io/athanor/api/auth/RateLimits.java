package io.athanor.api.auth;

import io.athanor.api.web.Problems;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Keeps each address within its {@link AddressBudget}. Signed protocols are not counted. */
final class RateLimits extends OncePerRequestFilter {
    private final AddressBudget budget;

    RateLimits(AddressBudget budget) {
        this.budget = budget;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path.startsWith("/agent/") || path.startsWith("/checker/") || path.startsWith("/actuator/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean signIn = request.getRequestURI().startsWith("/v1/auth/");
        if (budget.admits(request.getRemoteAddr(), signIn)) {
            chain.doFilter(request, response);
        } else {
            Problems.write(response, exceeded());
        }
    }

    static Refused exceeded() {
        return new Refused(Reason.RATE_LIMITED, "too many requests from this address");
    }
}
