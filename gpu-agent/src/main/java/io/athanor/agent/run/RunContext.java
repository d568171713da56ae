package io.athanor.agent.run;

import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.ImageCache;
import io.athanor.agent.gpu.GpuDesk;
import io.athanor.agent.lease.LeaseJournal;
import io.athanor.crypto.Ed25519;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.job.Receipt;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What every lease of one agent shares.
 *
 * @param streams how quick a lease's streams were, null where it had none
 * @param serverTime the server's clock as last heard, for deadlines that the server set
 */
public record RunContext(
        LeaseJournal journal,
        DockerEngine engine,
        ImageCache images,
        GpuDesk gpus,
        BlobChannel blobs,
        LogShipping logs,
        Function<LeaseId, Receipt.@Nullable Quality> streams,
        Ed25519.KeyPair device,
        InstantSource serverTime,
        RunSettings settings) {}
