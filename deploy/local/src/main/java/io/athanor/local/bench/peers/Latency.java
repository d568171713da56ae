package io.athanor.local.bench.peers;

/** Milliseconds from sending a submission to the node's acknowledgement that the task runs. */
public record Latency(int tasks, double p50Millis, double p95Millis, double p99Millis) {}
