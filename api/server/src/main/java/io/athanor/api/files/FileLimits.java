package io.athanor.api.files;

import io.athanor.domain.common.Limits;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * What one sender may have stored, in bytes.
 *
 * @param uploadBytes of a wallet, {@code athanor.files.upload-bytes}
 * @param outputBytes of a lease, {@code athanor.files.output-bytes}; what a machine keeps of a job is within the default
 * @param evidenceBytes of a checker in one epoch, {@code athanor.files.evidence-bytes}
 */
@Component
public record FileLimits(long uploadBytes, long outputBytes, long evidenceBytes) {
    public static final long UPLOAD_BYTES = 10L << 30;
    public static final long EVIDENCE_BYTES = 256L << 20;

    public FileLimits {
        if (uploadBytes < 0 || outputBytes < 0 || evidenceBytes < 0) {
            throw new IllegalArgumentException("limits are not negative");
        }
    }

    @Autowired
    FileLimits(Environment environment) {
        this(
                environment.getProperty("athanor.files.upload-bytes", Long.class, UPLOAD_BYTES),
                environment.getProperty("athanor.files.output-bytes", Long.class, Limits.OUTPUT_BYTES),
                environment.getProperty("athanor.files.evidence-bytes", Long.class, EVIDENCE_BYTES));
    }
}
