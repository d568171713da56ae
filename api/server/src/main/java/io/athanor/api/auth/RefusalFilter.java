package io.athanor.api.auth;

import io.athanor.api.web.Problems;
import io.athanor.domain.common.Refused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers refusals of filters and streams that no controller advice sees. */
final class RefusalFilter extends OncePerRequestFilter {
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (Refused refused) {
            if (response.isCommitted()) {
                throw refused;
            }
            Problems.write(response, refused);
        }
    }
}
