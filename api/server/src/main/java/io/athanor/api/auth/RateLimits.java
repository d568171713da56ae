package io.athanor.api.auth;

import io.athanor.api.ApiSettings;
import io.athanor.api.web.Problems;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.github.bucket4j.Bucket;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.filter.OncePerRequestFilter;

/** A token bucket an address: a small one for sign-in, a large one for the rest. Signed protocols are not counted. */
final class RateLimits extends OncePerRequestFilter {
    private static final int SIGN_INS_PER_SECOND = 20;
    private static final int BURST_SECONDS = 3;
    private static final int ADDRESSES_KEPT = 10_000;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > ADDRESSES_KEPT;
        }
    };
    private final int perSecond;

    RateLimits(ApiSettings settings) {
        this.perSecond = settings.anonymousPerSecond();
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
        if (bucket(request.getRemoteAddr(), signIn).tryConsume(1)) {
            chain.doFilter(request, response);
        } else {
            Problems.write(response, new Refused(Reason.RATE_LIMITED, "too many requests from this address"));
        }
    }

    private Bucket bucket(String address, boolean signIn) {
        int rate = signIn ? SIGN_INS_PER_SECOND : perSecond;
        synchronized (buckets) {
            return buckets.computeIfAbsent(
                    signIn ? "auth " + address : address,
                    key -> Bucket.builder()
                            .addLimit(limit -> limit.capacity((long) rate * BURST_SECONDS)
                                    .refillGreedy(rate, Duration.ofSeconds(1)))
                            .build());
        }
    }
}
