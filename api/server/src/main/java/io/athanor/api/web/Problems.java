package io.athanor.api.web;

import io.athanor.codec.Json;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.wire.AgentProtocol.Problem;
import io.micrometer.core.instrument.Metrics;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals as RFC 9457 problems: the same body from every door, and counted by reason. */
public final class Problems {
    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** How often each reason was given since the start. */
    public static final String COUNTER = "athanor.refusals";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int RETRY_AFTER_SECONDS = 1;

    private Problems() {}

    public static Problem of(Refused refused) {
        return of(refused.reason(), refused.reason().status(), refused.detail(), refused.nextStep());
    }

    /** For faults that HTTP has its own status for, such as an unknown method. */
    public static Problem of(Reason reason, int status, String detail, String nextStep) {
        Metrics.counter(COUNTER, "reason", reason.name()).increment();
        String title = reason.name().charAt(0)
                + reason.name().substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Problem("/errors/" + reason.name(), title, status, reason.name(), detail, nextStep);
    }

    /** The catalogue's code for a status that HTTP itself gave. */
    static Reason reasonOf(int status) {
        return switch (status) {
            case 404 -> Reason.NOT_FOUND;
            case 405 -> Reason.METHOD_NOT_ALLOWED;
            case 413 -> Reason.TOO_LARGE;
            default -> status / 100 == 4 ? Reason.MALFORMED : Reason.UNAVAILABLE;
        };
    }

    /** The refusal in a failure's chain of causes, or null where it is none. */
    public static @Nullable Refused refusedIn(@Nullable Throwable failure) {
        for (Throwable current = failure; current != null; current = current.getCause()) {
            if (current instanceof Refused refused) {
                return refused;
            }
        }
        return null;
    }

    /** What a failure is answered with: the refusal in it, or UNAVAILABLE for what nobody foresaw, which is logged. */
    public static Refused refusalOf(Exception failure) {
        Refused refused = refusedIn(failure);
        if (refused == null) {
            LOG.error("a request failed", failure);
            return new Refused(Reason.UNAVAILABLE, "the request failed; the node's log says why");
        }
        return refused;
    }

    /** Answers a request that no controller sees. */
    public static void write(HttpServletResponse response, Refused refused) throws IOException {
        response.setStatus(refused.reason().status());
        response.setContentType(MEDIA_TYPE);
        retryAfter(response, refused.reason());
        response.getOutputStream().write(Json.bytes(of(refused)));
    }

    /** Says when to come back, where coming back helps. */
    public static void retryAfter(HttpServletResponse response, Reason reason) {
        if (reason.status() == Reason.RATE_LIMITED.status() || reason.status() == Reason.UNAVAILABLE.status()) {
            response.setIntHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
    }
}
