package io.athanor.api.auth;

import io.athanor.api.web.Problems;
import io.athanor.domain.common.Refused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets requests of the agent and checker protocols in as {@link RequestProofs} finds their sender.
 *
 * <p>Enrolment has no known key yet: its body brings one, and its controller checks it. Files are not buffered: their
 * digest is in the path, is what was signed, and is checked by the store.
 */
final class SignedRequests extends OncePerRequestFilter {
    private static final Pattern FILE =
            Pattern.compile("/(?:agent/v1/blobs|checker/v1/evidence)/sha256:([0-9a-f]{64})");

    private final RequestProofs proofs;

    SignedRequests(RequestProofs proofs) {
        this.proofs = proofs;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return !path.startsWith(RequestProofs.AGENT) && !path.startsWith(RequestProofs.CHECKER);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Instant now = proofs.stamp(response);
        HttpServletRequest verified;
        try {
            verified = verify(request, now);
        } catch (Refused refused) {
            Problems.write(response, refused);
            return;
        }
        chain.doFilter(verified, response);
    }

    private HttpServletRequest verify(HttpServletRequest request, Instant now) throws IOException {
        Matcher file = FILE.matcher(request.getRequestURI());
        if (request.getMethod().equals("PUT") && file.matches()) {
            proofs.sender(request, "0x" + file.group(1), now).ifPresent(Caller::enter);
            return request;
        }
        byte[] body = RequestProofs.body(request);
        proofs.sender(request, body, now).ifPresent(Caller::enter);
        return new BufferedBody(request, body);
    }
}
