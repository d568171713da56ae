package io.athanor.domain.port;

import io.athanor.domain.common.LeaseId;
import java.io.IOException;

/** Logs of leases as byte strings with offsets. */
public interface LogStore {
    /**
     * Appends at the offset; bytes below the known end are skipped, so a resend duplicates nothing.
     *
     * @return the next expected offset, which is lower than asked where a part is missing
     */
    long append(LeaseId lease, long offset, byte[] chunk) throws IOException;

    /** At most {@code maxBytes} from the offset; empty at the end. */
    byte[] read(LeaseId lease, long offset, int maxBytes) throws IOException;

    /** The number of bytes stored. */
    long size(LeaseId lease) throws IOException;
}
