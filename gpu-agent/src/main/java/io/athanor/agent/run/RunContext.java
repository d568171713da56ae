package io.athanor.agent.run;

import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.ImageCache;
import io.athanor.agent.gpu.GpuDesk;
import io.athanor.agent.lease.LeaseJournal;
import io.athanor.crypto.Ed25519;
import java.time.InstantSource;

/**
 * What every lease of one agent shares.
 *
 * @param serverTime the server's clock as last heard, for deadlines that the server set
 */
public record RunContext(
        LeaseJournal journal,
        DockerEngine engine,
        ImageCache images,
        GpuDesk gpus,
        BlobChannel blobs,
        LogShipping logs,
        Ed25519.KeyPair device,
        InstantSource serverTime,
        RunSettings settings) {}
