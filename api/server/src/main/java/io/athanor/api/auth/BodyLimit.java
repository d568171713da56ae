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

/**
 * Bounds the body of GraphQL requests, which Spring's own converters read, and of whatever else is not under a path that
 * bounds its own: a path in another spelling, such as {@code /%67raphql}, is routed all the same.
 */
final class BodyLimit extends OncePerRequestFilter {
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path.startsWith("/v1/") || path.startsWith("/agent/v1/") || path.startsWith("/checker/v1/");
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
