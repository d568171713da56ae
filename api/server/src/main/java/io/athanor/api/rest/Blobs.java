package io.athanor.api.rest;

import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/** Sends stored files. */
public final class Blobs {
    private Blobs() {}

    /** Error: {@link Refused} NOT_FOUND. */
    public static void send(BlobStore blobs, Sha256 digest, HttpServletResponse response) throws IOException {
        try (InputStream content =
                blobs.open(digest).orElseThrow(() -> new Refused(Reason.NOT_FOUND, "no stored file " + digest))) {
            response.setContentType("application/octet-stream");
            response.setHeader("ETag", "\"" + digest + "\"");
            response.setHeader("X-Content-Type-Options", "nosniff");
            blobs.size(digest).ifPresent(response::setContentLengthLong);
            content.transferTo(response.getOutputStream());
        }
    }
}
