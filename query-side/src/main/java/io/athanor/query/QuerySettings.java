package io.athanor.query;

import java.nio.file.Path;

/**
 * Where the read side keeps files, and how much.
 *
 * @param blobs folder of the blob store, {@code athanor.blobs.dir}
 * @param logs folder of the logs, {@code logs} below {@code athanor.data}
 * @param blobQuotaBytes of all blobs together, {@code athanor.blobs.quota-bytes}
 * @param blobReservePercent of the quota that uploads leave to outputs and evidence, {@code athanor.blobs.reserve-percent}
 */
public record QuerySettings(Path blobs, Path logs, long blobQuotaBytes, int blobReservePercent) {
    /** 100 GiB. */
    public static final long DEFAULT_BLOB_QUOTA_BYTES = 100L << 30;

    public static final int DEFAULT_BLOB_RESERVE_PERCENT = 20;

    public QuerySettings {
        if (blobReservePercent < 0 || blobReservePercent > 100) {
            throw new IllegalArgumentException("a reserve has 0 to 100 percent: " + blobReservePercent);
        }
    }

    /** The defaults below a data folder. */
    public static QuerySettings below(Path data) {
        return new QuerySettings(
                data.resolve("blobs"), data.resolve("logs"), DEFAULT_BLOB_QUOTA_BYTES, DEFAULT_BLOB_RESERVE_PERCENT);
    }
}
