package io.athanor.api.files;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore;
import io.athanor.domain.port.BlobStore.Use;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Takes files in, each against its sender's share of the store.
 *
 * <p>Invariant: what a sender has stored, and what is on its way from it through this node, stay within its share. Behind a
 * load balancer the other nodes' transfers are not counted until they have ended.
 */
@Component
public final class Intake implements MeterBinder {
    /** Bytes taken in, by use. */
    public static final String BYTES = "athanor.files.bytes";

    /** Files refused because their sender's share is used up, by use. */
    public static final String REFUSED = "athanor.files.refused";

    /** Bytes that may still be stored, by use. */
    public static final String ROOM = "athanor.files.room";

    private static final int BUFFER_BYTES = 1 << 16;

    private final BlobStore blobs;
    private final Map<Sender, Long> onTheWay = new ConcurrentHashMap<>();

    public Intake(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** Who stores something, and what for. */
    public record Sender(Use use, String name) {}

    /**
     * A sender's part of the store, in bytes.
     *
     * @param limit of all its files together
     * @param largest of one file
     * @param setting that names the limit
     * @param nextStep for a sender that has reached it
     */
    public record Share(Sender sender, long limit, long largest, String setting, String nextStep) {}

    /** @param stated its bytes as its sender states them, below 0 where it does not: then it may be the largest file */
    public record Body(InputStream content, long stated) {
        public static Body of(HttpServletRequest request) throws IOException {
            return new Body(request.getInputStream(), request.getContentLengthLong());
        }
    }

    /** What is known of the sender's files: the sum of those under other digests, and where a new one is noted. */
    public interface Ledger {
        long othersBytes();

        void stored(long bytes);
    }

    /**
     * Stores the body under its digest.
     *
     * @return the size in bytes
     *     <p>Error: {@link Refused} LIMIT_REACHED over the share, TOO_LARGE over the largest file, MALFORMED where the content
     *     hashes otherwise
     */
    public long take(Share share, Ledger ledger, Sha256 digest, Body body) throws IOException {
        long most = body.stated() < 0 ? share.largest() : Math.min(body.stated(), share.largest());
        onTheWay.merge(share.sender(), most, Long::sum);
        try {
            Refused.unless(
                    body.stated() <= share.largest(),
                    Reason.TOO_LARGE,
                    "the content is larger than " + share.largest() + " bytes");
            requireRoom(share, ledger);
            long bytes = blobs.put(share.sender().use(), digest, body.content(), most);
            ledger.stored(bytes);
            counter(BYTES, share.sender().use()).increment((double) bytes);
            return bytes;
        } catch (Refused refused) {
            drain(body.content(), most);
            throw refused;
        } finally {
            onTheWay.computeIfPresent(share.sender(), (sender, bytes) -> bytes == most ? null : bytes - most);
        }
    }

    /** This file is on its way already: of two at once both may be refused, and never both taken. */
    private void requireRoom(Share share, Ledger ledger) {
        long all = ledger.othersBytes() + onTheWay.getOrDefault(share.sender(), 0L);
        if (all > share.limit()) {
            counter(REFUSED, share.sender().use()).increment();
            throw new Refused(
                    Reason.LIMIT_REACHED,
                    share.sender().name() + " may have " + share.limit() + " bytes stored here (" + share.setting()
                            + "), and this makes " + all,
                    share.nextStep());
        }
    }

    /** A sender that cannot get rid of its bytes does not read why. */
    private static void drain(InputStream body, long most) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = most;
        int read = 0;
        while (left > 0 && read >= 0) {
            read = body.read(buffer);
            left -= read;
        }
    }

    private static Counter counter(String name, Use use) {
        return Metrics.counter(name, "use", tag(use));
    }

    private static String tag(Use use) {
        return use.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Use use : Use.values()) {
            Gauge.builder(ROOM, () -> blobs.room(use))
                    .tag("use", tag(use))
                    .baseUnit("bytes")
                    .register(registry);
        }
    }
}
