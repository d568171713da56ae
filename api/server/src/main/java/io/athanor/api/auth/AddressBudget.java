package io.athanor.api.auth;

import io.athanor.api.ApiSettings;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A token bucket an address: a small one for sign-in, a large one for the rest. */
@Component
final class AddressBudget {
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
    private final int signInsPerSecond;

    AddressBudget(ApiSettings settings) {
        this.perSecond = settings.anonymousPerSecond();
        this.signInsPerSecond = settings.signInsPerSecond();
    }

    /** Whether this address may ask once more now. */
    boolean admits(String address, boolean signIn) {
        return bucket(address, signIn).tryConsume(1);
    }

    private Bucket bucket(String address, boolean signIn) {
        int rate = signIn ? signInsPerSecond : perSecond;
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
