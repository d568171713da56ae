package io.athanor.query;

import java.nio.file.Path;

/**
 * Where the read side keeps files, and how much.
 *
 * @param blobs folder of the blob store, {@code athanor.blobs.dir}
 * @param logs folder of the logs, {@code logs} below {@code athanor.data}
 * @param blobQuotaBytes of all blobs together, {@code athanor.blobs.quota-bytes}
 */
public record QuerySettings(Path blobs, Path logs, long blobQuotaBytes) {
    /** 100 GiB. */
    public static final long DEFAULT_BLOB_QUOTA_BYTES = 100L << 30;

    /** The defaults below a data folder. */
    public static QuerySettings below(Path data) {
        return new QuerySettings(data.resolve("blobs"), data.resolve("logs"), DEFAULT_BLOB_QUOTA_BYTES);
    }
}
