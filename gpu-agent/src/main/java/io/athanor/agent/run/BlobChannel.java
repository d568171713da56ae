package io.athanor.agent.run;

import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.Receipt;
import java.io.IOException;
import java.nio.file.Path;

/** Where a job's files come from and go to, by content. */
public interface BlobChannel {

    /**
     * Brings a file.
     *
     * @param target does not exist yet, and does not afterwards unless its content has this digest
     * @throws InputUnavailable when it is unknown, or its content is another
     * @throws IOException when it cannot be fetched now
     */
    void fetch(Sha256 digest, long bytes, Path target) throws IOException, InterruptedException, InputUnavailable;

    /**
     * Stores an output; storing it again changes nothing, and neither does storing it where the network has given the lease up.
     *
     * @throws IOException when it cannot be stored now
     */
    void store(LeaseId lease, Receipt.Output output, Path file) throws IOException, InterruptedException;

    /** An input that will not come, in words for the client. */
    final class InputUnavailable extends Exception {
        private static final long serialVersionUID = 1;

        public InputUnavailable(String message) {
            super(message);
        }
    }
}
