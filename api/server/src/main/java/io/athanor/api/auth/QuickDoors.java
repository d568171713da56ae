package io.athanor.api.auth;

import io.athanor.api.web.Problems;
import io.athanor.codec.Json;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Answers the few requests that come for every task before the web framework sees them: what it does around a small
 * request costs more than the request.
 *
 * <p>Invariant: such a request gets what it would have got on the long way: the right of {@link Access#TABLE}, the proof
 * of its sender, the limits, the codec and the problems are the same. Whatever is unusual about one (a token, a query,
 * another form of body) takes the long way.
 */
final class QuickDoors extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
    /** The rights that a request can prove here. */
    private static final Set<String> RIGHTS = Set.of(Access.ANYBODY, Access.MACHINE);

    private final transient Map<String, Guarded<?>> doors = new HashMap<>();
    private final transient RequestProofs proofs;
    private final transient AddressBudget budget;

    private record Guarded<B>(QuickDoor<B> door, String right) {
        Object answer(byte[] body) {
            return door.answer().apply(Json.readStrict(body, door.body()));
        }
    }

    QuickDoors(List<? extends QuickDoor<?>> doors, RequestProofs proofs, AddressBudget budget) {
        doors.forEach(door -> this.doors.put(door.path(), new Guarded<>(door, rightFor(door.path()))));
        this.proofs = proofs;
        this.budget = budget;
    }

    private static String rightFor(String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        String right = Access.TABLE.stream()
                .filter(row -> row.method() == null || row.method().matches("POST"))
                .filter(row ->
                        PathPatternParser.defaultInstance.parse(row.path()).matches(parsed))
                .findFirst()
                .map(Access.Row::right)
                .orElseThrow(() -> new IllegalStateException("no row of the access table names " + path));
        if (!RIGHTS.contains(right)) {
            throw new IllegalStateException(path + " needs " + right + ", which is not proven here");
        }
        return right;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Guarded<?> door = doorFor(request);
        if (door == null) {
            chain.doFilter(request, response);
            return;
        }
        try {
            answer(door, request, response);
        } catch (RuntimeException failure) {
            if (response.isCommitted()) {
                throw failure;
            }
            Problems.write(response, Problems.refusalOf(failure));
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    private @Nullable Guarded<?> doorFor(HttpServletRequest request) {
        Guarded<?> door = request.getMethod().equals("POST") ? doors.get(request.getRequestURI()) : null;
        boolean usual = door != null
                && request.getQueryString() == null
                && JSON.equals(request.getContentType())
                && request.getHeader("Authorization") == null;
        return usual ? door : null;
    }

    private void answer(Guarded<?> door, HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body;
        if (door.right().equals(Access.ANYBODY)) {
            if (!budget.admits(request.getRemoteAddr(), false)) {
                throw RateLimits.exceeded();
            }
            body = RequestProofs.body(request);
        } else {
            Instant now = proofs.stamp(response);
            body = RequestProofs.body(request);
            proofs.sender(request, body, now)
                    .filter(caller -> has(caller, door.right()))
                    .ifPresentOrElse(Caller::enter, () -> {
                        throw new Refused(Reason.NOT_ALLOWED, "this account may not do that");
                    });
        }
        Refused.unless(
                body.length <= Limits.JSON_BODY_BYTES,
                Reason.TOO_LARGE,
                "a JSON body has at most " + Limits.JSON_BODY_BYTES + " bytes");
        Refused.unless(body.length > 0, Reason.MALFORMED, "the request needs a JSON body");
        write(response, door.door().status().value(), Json.bytes(door.answer(body)));
    }

    private static boolean has(Caller caller, String right) {
        for (GrantedAuthority authority : caller.authorities()) {
            if (right.equals(authority.getAuthority())) {
                return true;
            }
        }
        return false;
    }

    private static void write(HttpServletResponse response, int status, byte[] json) throws IOException {
        response.setStatus(status);
        response.setContentType(JSON);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }
}
