package io.athanor.domain.common;

import java.time.Duration;

/** The bounds on everything that comes from outside; units are last in the names. */
public final class Limits {
    /** Tasks of one job. */
    public static final int ARRAY_TASKS = 4_096;

    public static final int GPUS_PER_TASK = 8;
    public static final int GPUS_PER_MACHINE = 64;
    /** A TiB: more than any card has, and little enough that arithmetic on bytes stays in a long. */
    public static final long GPU_MEMORY_MIB = 1 << 20;

    public static final int COMMAND_ARGS = 256;
    public static final int COMMAND_ARG_CHARS = 16_384;
    public static final int ENV_ENTRIES = 256;
    public static final int ENV_VALUE_CHARS = 16_384;
    public static final int INPUTS = 64;
    public static final int OUTPUTS = 256;
    public static final int PATH_CHARS = 255;
    public static final int NAME_CHARS = 100;
    public static final int IMAGE_CHARS = 512;
    public static final int REASON_CHARS = 500;
    public static final long JOB_DURATION_MILLIS = 30L * 24 * 3_600_000;
    public static final long JOB_MEMORY_MIB = 4L * 1024 * 1024;
    /** The container engine's own least memory limit. */
    public static final long JOB_MIN_MEMORY_MIB = 6;

    public static final int JOB_CPU_MILLIS = 1_024_000;
    public static final int REGIONS = 32;
    public static final long BLOB_BYTES = 1L << 30;
    /** All that one lease leaves. */
    public static final long OUTPUT_BYTES = 4 * BLOB_BYTES;

    public static final long LOG_BYTES = 256L << 20;
    public static final int LOG_CHUNK_BYTES = 1 << 20;

    /** What a machine fetches and sends to measure its line. */
    public static final long BANDWIDTH_BYTES = 16L << 20;

    public static final int JSON_BODY_BYTES = 1 << 20;
    /** What a checker may store as the evidence of one report. */
    public static final int EVIDENCE_BYTES = 16 << 20;

    public static final int PAGE_ROWS = 100;
    public static final int SESSION_KEYS = 16;
    /** Registered nodes of the control plane. */
    public static final int NODES = 64;

    public static final int OPEN_JOBS_PER_ACCOUNT = 10_000;
    public static final int SYNC_EVENTS = 256;
    public static final int SYNC_COMMANDS = 256;
    public static final int SHARD_SUBJECTS = 128;
    /** Machines whose capacity is tested in one epoch: 64 rounds. */
    public static final int CAPACITY_TESTS = 8_192;

    public static final int CHUNK_LINES = 128;
    public static final int BATCH_LEAVES = 10_000;
    public static final int PLACEMENT_CANDIDATES_KEPT = 5;

    /** How long a lease waits in all, its container paused, for its client to pay for more run time; nobody is paid for it. */
    public static final Duration UNPAID_PAUSE = Duration.ofMinutes(10);

    /** How far ahead a signed command may expire. */
    public static final Duration AUTHORIZATION_VALIDITY = Duration.ofDays(30);

    private Limits() {}
}
