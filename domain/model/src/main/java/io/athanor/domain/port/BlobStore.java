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
     * What a file is for. All share one quota, and each may fill it so far that it takes no room from what the network
     * needs more.
     */
    enum Use {
        /** A client's input: leaves the reserve to the others. */
        UPLOAD,
        /** What a lease left: leaves a quarter of the reserve to evidence. */
        OUTPUT,
        /** What a checker saw: may fill everything. */
        EVIDENCE
    }

    /**
     * Stores the stream under its digest. Refused with LIMIT_REACHED where this use has no room left.
     *
     * @param expected refused with MALFORMED where the content hashes otherwise
     * @param maxBytes refused with TOO_LARGE above it
     * @return the size in bytes
     */
    long put(Use use, Sha256 expected, InputStream content, long maxBytes) throws IOException;

    /** The content, empty where it is unknown. The caller closes it. */
    Optional<InputStream> open(Sha256 digest) throws IOException;

    /** Removes what was stored last before this time and is not needed; how many files. A later put stores it anew. */
    long forget(Instant before, Predicate<Sha256> needed) throws IOException;

    /** Bytes that this use may still store. */
    long room(Use use);

    /** The size in bytes, empty where it is unknown. */
    Optional<Long> size(Sha256 digest);
}
