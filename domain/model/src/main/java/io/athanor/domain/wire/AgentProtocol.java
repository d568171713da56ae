package io.athanor.domain.wire;

import io.athanor.domain.attestation.CapacityProof;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.machine.Inventory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agent protocol: JSON over HTTP, agent to server only, under {@code /agent/v1}. Every request is signed with the
 * device key ({@code RequestSignature}). Sequence numbers start at 1 in each direction and are acknowledged
 * cumulatively; unacknowledged messages are sent again, so every message must be safe to receive twice.
 */
public final class AgentProtocol {
    private AgentProtocol() {}

    /** {@code POST /agent/v1/enroll}. The wallet's authorisation names machine and key. */
    public record Enroll(
            String token, MachineId machine, String agentKey, Inventory inventory, Authorization authorization) {}

    /** @param provider whose machine this is now */
    public record Enrolled(MachineId machine, Wallet provider, Instant serverTime) {}

    /**
     * {@code POST /agent/v1/session}: fences every older session of the machine.
     *
     * @param running the leases whose containers the agent has adopted
     */
    public record OpenSession(Inventory inventory, String agentVersion, List<LeaseId> running) {
        public OpenSession {
            running = List.copyOf(running);
        }
    }

    /**
     * @param session number of this session, rising
     * @param ackAgentSeq newest report of the agent that the server has
     */
    public record SessionOpened(
            long session, long ackAgentSeq, long heartbeatMillis, long leaseTtlMillis, Instant serverTime) {}

    /**
     * {@code POST /agent/v1/readiness}, and {@code POST /checker/v1/readiness} of a checker: the sender holds these programs and
     * can begin with them. It is sent again until it is counted.
     *
     * @param signature a machine's Ed25519 over {@link #signed}; a checker's attester's over its EIP-712 struct
     */
    public record Ready(Sha256 artifact, String signature) {
        /** The text that the device key signs. */
        public static String signed(MachineId machine, Sha256 artifact) {
            return "athanor.ready.v1\n" + machine + "\n" + artifact;
        }
    }

    /** @param counted false while no passed vote brings these programs */
    public record ReadyTaken(boolean counted) {}

    /** {@code POST /agent/v1/sync}: a long poll of at most 30 s. */
    public record Sync(long session, long ackServerSeq, Heartbeat heartbeat, List<Reported> reports) {
        public Sync {
            reports = List.copyOf(reports);
        }
    }

    /** The machine's health, telemetry that is never stored as an event. Free disk in MiB. */
    public record Heartbeat(boolean engineUp, long diskFreeMib, List<GpuHealth> gpus, List<LeaseState> leases) {
        public Heartbeat {
            gpus = List.copyOf(gpus);
            leases = List.copyOf(leases);
        }
    }

    /** Utilisation in percent, temperature in °C, power in W, memory in MiB. */
    public record GpuHealth(
            String uuid, boolean healthy, int utilisation, int temperature, int powerWatts, long memoryUsedMib) {}

    /**
     * What the agent is doing for a lease; {@code state} is the agent's own state name.
     *
     * @param usage of its container, as last measured; null where none runs
     */
    public record LeaseState(
            LeaseId lease, String state, @Nullable LeaseUsage usage) {}

    /**
     * What a running container has used: processor time and traffic since its start, everything else now.
     *
     * @param memoryBytes with its files in memory
     * @param processes threads counted
     * @param receivedBytes and {@code sentBytes}: of its network, the loopback left out
     * @param gpuPercent mean utilisation of its GPUs
     * @param gpuMemoryMib of all its GPUs
     * @param streams how its streams were served; null where its client has opened none, or the agent does not measure it
     */
    public record LeaseUsage(
            long cpuMillis,
            long memoryBytes,
            long processes,
            long receivedBytes,
            long sentBytes,
            int gpuPercent,
            long gpuMemoryMib,
            @Nullable StreamQuality streams) {}

    /**
     * How long pieces of a container's relayed streams took from the container until the server had acknowledged them:
     * packet latency of the machine's part of the way, in microseconds, over the newest 1,024 pieces.
     *
     * @param pieces of all streams since the agent's start
     */
    public record StreamQuality(long pieces, long medianMicros, long p99Micros) {}

    /** One report with its number. */
    public record Reported(long seq, AgentReport report) {}

    /** @param ackAgentSeq newest report the server has; retryAfterMillis 0 means at once */
    public record Synced(long ackAgentSeq, List<Ordered> orders, long retryAfterMillis, Instant serverTime) {
        public Synced {
            orders = List.copyOf(orders);
        }
    }

    /** One order with its number. */
    public record Ordered(long seq, AgentOrder order) {}

    /** What the agent says happened. */
    public sealed interface AgentReport {
        /** The container runs. */
        record Started(LeaseId lease, String container, Instant startedAt) implements AgentReport {}

        /** The container ended, or could not start; the receipt is signed. */
        record Ended(LeaseId lease, Receipt receipt) implements AgentReport {}

        /** The agent will not run this lease. */
        record Declined(LeaseId lease, Ending ending, String detail) implements AgentReport {}

        /** A GPU left the set of healthy ones, or came back. */
        record GpuChanged(String uuid, boolean healthy, String detail) implements AgentReport {}

        /**
         * The agent takes no new work for a time, and runs what it has to the end; or takes work again.
         *
         * @param from null for at once
         * @param until null until a report says otherwise
         */
        record Draining(
                boolean draining,
                @Nullable Instant from,
                @Nullable Instant until) implements AgentReport {}
    }

    /** What the server wants. */
    public sealed interface AgentOrder {
        /**
         * Run this.
         *
         * @param env complete, with {@code ATHANOR_TASK_INDEX} and its like
         * @param paidUntilMillis run time after which the agent pauses the container by itself, for a while, and then stops it
         */
        record Start(
                LeaseId lease,
                JobSpec spec,
                Map<String, String> env,
                List<String> gpus,
                long paidUntilMillis,
                Instant startBy,
                Sha256 specDigest)
                implements AgentOrder {
            public Start {
                env = Map.copyOf(env);
                gpus = List.copyOf(gpus);
            }

            /** The same, paid for so long. */
            public Start paidUntil(long millis) {
                return new Start(lease, spec, env, gpus, millis, startBy, specDigest);
            }
        }

        /** Stop it, with the reason for the receipt. */
        record Cancel(LeaseId lease, Ending ending) implements AgentOrder {}

        /** The client pays for more run time; what was paid before is never taken back. */
        record Extend(LeaseId lease, long paidUntilMillis) implements AgentOrder {}

        /** The receipt is taken; the agent may forget the lease. */
        record Forget(LeaseId lease) implements AgentOrder {}

        /** Dial a checker and answer its nonce. */
        record Challenge(String endpoint, String nonce, String checker) implements AgentOrder {}

        /** Take no new work. */
        record Drain() implements AgentOrder {}

        /** Execute a command in the lease's running container and relay its streams, for the job's client. */
        record Execute(LeaseId lease, String stream, List<String> command) implements AgentOrder {
            public Execute {
                command = List.copyOf(command);
            }
        }

        /** Connect to a TCP port of the lease's running container and relay the connection, for the job's client. */
        record Connect(LeaseId lease, String stream, int port) implements AgentOrder {}
    }

    /**
     * {@code GET /agent/v1/streams/<stream>/input?offset=N}: a long poll; what the client sent from that byte on. Asking
     * acknowledges every byte before.
     *
     * @param base64 may be empty
     * @param end no byte follows these
     */
    public record StreamInput(String base64, boolean end) {}

    /** {@code POST /agent/v1/streams/<stream>/output?offset=N}: raw bytes; the answer says what is taken, maybe a part. */
    public record StreamTaken(long nextOffset) {}

    /**
     * {@code POST /agent/v1/streams/<stream>/end}: nothing follows.
     *
     * @param exitCode of an executed command
     * @param failure why the stream broke or did not come about
     */
    public record StreamEnded(
            @Nullable Integer exitCode, @Nullable String failure) {}

    /** {@code POST /agent/v1/logs/<lease>?offset=N}: the body is raw bytes. The answer names the next offset. */
    public record LogAccepted(long nextOffset) {}

    /**
     * {@code POST /agent/v1/bandwidth}: raw bytes, counted and not kept. {@code GET /agent/v1/bandwidth?bytes=N} answers so
     * many raw bytes.
     */
    public record BandwidthTaken(long bytes) {}

    /** {@code PUT /agent/v1/blobs/<digest>?lease=<lease>}: the body is a file that the lease left; stored under its digest. */
    public record BlobStored(Sha256 digest, long bytes) {}

    /**
     * What a machine answers a checker that it dials: {@code POST <endpoint>/probe/v1/<nonce>}.
     *
     * @param leases what runs there now
     * @param signature Ed25519 of the device key over {@code athanor.probe.v1\n<machine>\n<nonce>\n<leases joined by ,>}
     */
    public record ProbeAnswer(MachineId machine, String nonce, List<LeaseId> leases, String signature) {
        public ProbeAnswer {
            leases = List.copyOf(leases);
        }

        /** The text that the device key signs. */
        public String signed() {
            String joined =
                    String.join(",", leases.stream().map(LeaseId::toString).toList());
            return "athanor.probe.v1\n" + machine + "\n" + nonce + "\n" + joined;
        }
    }

    /**
     * A line test: the checker's answer (202) to a probe that it asked for in an inspection. The machine sends so many bytes to
     * {@code POST <endpoint>/line/v1/<nonce>}, gets as many back, and proves with a {@link LineAnswer} that they came.
     */
    public record LineTest(int bytes) {}

    /**
     * What a machine sends as soon as the last byte has come: {@code POST <endpoint>/lined/v1/<nonce>}.
     *
     * @param received digest of what came
     * @param signature Ed25519 of the device key over {@link #signed}
     */
    public record LineAnswer(MachineId machine, String nonce, Sha256 received, String signature) {
        /** The text that the device key signs. */
        public String signed() {
            return "athanor.line.v1\n" + machine + "\n" + nonce + "\n" + received;
        }
    }

    /**
     * A capacity test: the checker's answer (200) to a probe that it asked for in an inspection. All GPUs work at once.
     *
     * @param work one entry a GPU
     * @param draw {@link CapacityProof#commitment} to the secret that the checker shows when it has the roots
     */
    public record CapacityTest(List<CapacityWork> work, Hash32 draw) {
        public CapacityTest {
            work = List.copyOf(work);
        }

        /** What a machine signs of it. */
        public Hash32 digest() {
            StringBuilder text = new StringBuilder("athanor.capacity.test.v2\n" + draw);
            work.forEach(one -> text.append('\n')
                    .append(String.join(
                            " ",
                            one.seed().hex(),
                            String.valueOf(one.lanes()),
                            String.valueOf(one.rounds()),
                            String.valueOf(one.blocks()),
                            one.gpu())));
            return Hash32.keccak(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Over all lanes that a GPU computed. */
    public record CapacityRoot(String gpu, Hash32 root) {}

    /**
     * What a machine sends as soon as all its GPUs are done: {@code POST <endpoint>/capacity/v2/<nonce>}. The checker answers
     * (200) with a {@link CapacityDraw}, and its clock has stopped.
     *
     * @param test its digest
     * @param signature Ed25519 of the device key over {@link #signed}
     */
    public record CapacityAnswer(
            MachineId machine, String nonce, Hash32 test, List<CapacityRoot> roots, String signature) {
        public CapacityAnswer {
            roots = List.copyOf(roots);
        }

        /** The text that the device key signs. */
        public String signed() {
            StringBuilder text = new StringBuilder("athanor.capacity.v2\n" + machine + "\n" + nonce + "\n" + test);
            roots.forEach(one -> text.append('\n').append(one.gpu()).append('=').append(one.root()));
            return text.toString();
        }
    }

    /** The secret to which the test was committed: with each root it draws the lanes that are opened. */
    public record CapacityDraw(Hash32 secret) {}

    /** @param opening 0x hex of what {@link CapacityProof#open} gives */
    public record CapacityResult(String gpu, String opening) {}

    /**
     * What a machine sends when it knows what is drawn: {@code POST <endpoint>/opened/v2/<nonce>}.
     *
     * @param signature Ed25519 of the device key over {@link #signed}
     */
    public record CapacityOpening(
            MachineId machine, String nonce, Hash32 secret, List<CapacityResult> results, String signature) {
        public CapacityOpening {
            results = List.copyOf(results);
        }

        /** The text that the device key signs. */
        public String signed() {
            StringBuilder text =
                    new StringBuilder("athanor.capacity.opening.v2\n" + machine + "\n" + nonce + "\n" + secret);
            results.forEach(
                    one -> text.append('\n').append(one.gpu()).append('=').append(one.opening()));
            return text.toString();
        }
    }

    /** An error's body: RFC 9457 with the catalogue's code. */
    public record Problem(
            String type,
            String title,
            int status,
            String code,
            String detail,
            @Nullable String nextStep) {}
}
