package io.athanor.domain.port;

import io.athanor.domain.common.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** Content-addressed files: inputs, outputs, evidence. Durable once {@link #put} returns. */
public interface BlobStore {
    /**
     * Stores the stream under its digest.
     *
     * @param expected refused with MALFORMED where the content hashes otherwise
     * @param maxBytes refused with TOO_LARGE above it
     * @return the size in bytes
     */
    long put(Sha256 expected, InputStream content, long maxBytes) throws IOException;

    /** The content, empty where it is unknown. The caller closes it. */
    Optional<InputStream> open(Sha256 digest) throws IOException;

    /** Removes what was stored last before this time and is not needed; how many files. A later put stores it anew. */
    long forget(Instant before, Predicate<Sha256> needed) throws IOException;

    /** The size in bytes, empty where it is unknown. */
    Optional<Long> size(Sha256 digest);
}
