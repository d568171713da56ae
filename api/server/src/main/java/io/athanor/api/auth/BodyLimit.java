package io.athanor.api.auth;

import io.athanor.api.web.Problems;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Bounds the body of GraphQL requests, which Spring's own converters read; the codec bounds all others. */
final class BodyLimit extends OncePerRequestFilter {
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().equals("/graphql");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        byte[] body = request.getInputStream().readNBytes(Limits.JSON_BODY_BYTES + 1);
        if (body.length > Limits.JSON_BODY_BYTES) {
            Problems.write(
                    response,
                    new Refused(Reason.TOO_LARGE, "a JSON body has at most " + Limits.JSON_BODY_BYTES + " bytes"));
            return;
        }
        chain.doFilter(new BufferedBody(request, body), response);
    }
}
