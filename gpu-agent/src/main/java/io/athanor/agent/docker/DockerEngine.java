package io.athanor.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.athanor.agent.logs.LogRing;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.wire.AgentProtocol.LeaseUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The machine's Docker Engine, as far as the agent uses it. Sees and touches only containers that carry this node's
 * labels. Every method may throw {@link EngineUnavailable}, after which nothing is known; each is safe to repeat.
 */
public final class DockerEngine implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration ATTACH = Duration.ofSeconds(10);

    /** Attach and wait for each of at most 64 jobs, and a few calls beside them. */
    private static final int MAX_CONNECTIONS = 160;

    private final URI host;
    private final String node;
    private final Map<String, String> extraLabels;
    private final DockerClient client;
    private final DockerClient streams;

    private DockerEngine(
            URI host, String node, Map<String, String> extraLabels, DockerClient client, DockerClient streams) {
        this.host = host;
        this.node = node;
        this.extraLabels = extraLabels;
        this.client = client;
        this.streams = streams;
    }

    /**
     * @param host {@code unix:///var/run/docker.sock} or another address of the engine
     * @param credentials a folder with a Docker {@code config.json} for private registries; may hold none
     * @param node this agent's id
     * @param extraLabels put on every container besides the agent's own
     */
    public static DockerEngine connect(String host, Path credentials, String node, Map<String, String> extraLabels) {
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host)
                .withDockerConfig(credentials.toString())
                .withDockerTlsVerify(false)
                .build();
        ZerodepDockerHttpClient.Builder http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .connectionTimeout(CONNECT)
                .maxConnections(MAX_CONNECTIONS);
        DockerClient streams = DockerClientImpl.getInstance(config, http.build());
        DockerClient client = DockerClientImpl.getInstance(
                config, http.responseTimeout(ANSWER).build());
        return new DockerEngine(config.getDockerHost(), node, Map.copyOf(extraLabels), client, streams);
    }

    /**
     * What the agent needs to know of the engine.
     *
     * @param liveRestore whether containers outlive the engine with true exit codes
     */
    public record Facts(String version, boolean liveRestore, String dataRoot, int cpus, long memoryBytes) {}

    public Facts facts() {
        return asking(() -> {
            Info info = client.infoCmd().exec();
            return new Facts(
                    String.valueOf(info.getServerVersion()),
                    Boolean.TRUE.equals(info.getRawValues().get("LiveRestoreEnabled")),
                    String.valueOf(info.getDockerRootDir()),
                    info.getNCPU() == null ? 0 : info.getNCPU(),
                    info.getMemTotal() == null ? 0 : info.getMemTotal());
        });
    }

    /** True when the engine answers now. */
    public boolean answers() {
        try {
            asking(() -> client.pingCmd().exec());
            return true;
        } catch (EngineUnavailable | DockerException away) {
            return false;
        }
    }

    /** True when the engine has a network of this name. */
    public boolean hasNetwork(String name) {
        return asking(() -> client.listNetworksCmd().withNameFilter(name).exec().stream()
                .anyMatch(network -> name.equals(network.getName())));
    }

    /** True when the image lies on the machine under this digest. */
    public boolean hasImage(ImageReference image) {
        return asking(() -> {
            try {
                client.inspectImageCmd(image.toString()).exec();
                return true;
            } catch (NotFoundException absent) {
                return false;
            }
        });
    }

    /** Removes an image that no container uses; true when it is gone. */
    boolean removeImage(ImageReference image) {
        return asking(() -> {
            try {
                client.removeImageCmd(image.toString()).exec();
                return true;
            } catch (NotFoundException gone) {
                return true;
            } catch (ConflictException used) {
                return false;
            }
        });
    }

    /** Begins to pull by digest. */
    public ImagePull pull(ImageReference image) {
        ImagePull pull = new ImagePull(image);
        asking(() ->
                streams.pullImageCmd(image.repository()).withTag(image.digest()).exec(pull.callback()));
        return pull;
    }

    /**
     * Creates the container, or finds the one that an earlier attempt created: the name decides.
     *
     * @return the engine's id
     * @throws StartFailure when the engine refuses, or another specification has the name
     */
    public String create(ContainerPlan plan) throws StartFailure {
        try {
            return asking(() -> createCommand(plan).exec().getId());
        } catch (ConflictException taken) {
            Observed existing = find(plan.lease()).orElse(null);
            if (existing == null || !existing.specHash().equals(plan.specHash())) {
                throw new StartFailure(
                        StartFailure.Cause.ENGINE_REFUSED,
                        "Another container has the name " + plan.name() + ": " + taken.getMessage());
            }
            return existing.id();
        } catch (DockerException refused) {
            throw StartFailure.ofStart(plan, String.valueOf(refused.getMessage()));
        }
    }

    private CreateContainerCmd createCommand(ContainerPlan plan) {
        CreateContainerCmd command = client.createContainerCmd(plan.image().toString())
                .withName(plan.name())
                .withLabels(Labels.of(plan, extraLabels))
                .withUser(plan.user().uid() + ":" + plan.user().gid())
                .withEnv(Isolation.environment(plan))
                .withHostConfig(Isolation.hostConfig(plan))
                .withAttachStdout(true)
                .withAttachStderr(true);
        // The job's command replaces the image's entry point too, so that what was ordered is what runs.
        return plan.command().isEmpty()
                ? command
                : command.withEntrypoint(plan.command().getFirst())
                        .withCmd(plan.command().subList(1, plan.command().size()));
    }

    /** Attaches to a container's output, before its start so that no byte is missed. */
    public LogAttachment attach(String container, LogRing ring) throws InterruptedException {
        LogAttachment attachment = LogAttachment.begin(connect(), container, ring);
        attachment.awaitStarted(ATTACH);
        return attachment;
    }

    private EngineStream connect() {
        try {
            return EngineStream.connect(host);
        } catch (IOException away) {
            throw new EngineUnavailable(away);
        }
    }

    /** Executes a command in the running container of a lease. Error: {@link IOException} with the reason in words. */
    public ContainerStream execute(LeaseId lease, List<String> command) throws IOException {
        return new ContainerDoors(client, host).execute(running(lease), command);
    }

    /** A TCP connection to a port of the running container of a lease. Error: {@link IOException}. */
    public ContainerStream connect(LeaseId lease, int port) throws IOException {
        return new ContainerDoors(client, host).connect(lease, running(lease), port);
    }

    private String running(LeaseId lease) throws IOException {
        return find(lease)
                .filter(found -> found.status() == Observed.Status.RUNNING)
                .orElseThrow(() -> new IOException(lease + " does not run here"))
                .id();
    }

    /** Starts a created container; one that runs already is left alone. Never call it for one that has run. */
    public void start(String container, ContainerPlan plan) throws StartFailure {
        try {
            asking(() -> client.startContainerCmd(container).exec());
        } catch (NotModifiedException running) {
            return;
        } catch (DockerException refused) {
            throw StartFailure.ofStart(plan, String.valueOf(refused.getMessage()));
        }
    }

    /** This node's container of a lease, if the engine has one. */
    public Optional<Observed> find(LeaseId lease) {
        return asking(() -> {
            try {
                InspectContainerResponse found =
                        client.inspectContainerCmd(ContainerPlan.nameOf(lease)).exec();
                return isMine(found) ? Optional.of(observed(found)) : Optional.<Observed>empty();
            } catch (NotFoundException absent) {
                return Optional.<Observed>empty();
            }
        });
    }

    /** What the running container of a lease uses; empty where it does not run or the kernel does not tell. */
    public Optional<LeaseUsage> usage(LeaseId lease) {
        return asking(() -> {
            try {
                InspectContainerResponse found =
                        client.inspectContainerCmd(ContainerPlan.nameOf(lease)).exec();
                Long pid = found.getState().getPidLong();
                return isMine(found) && pid != null && pid > 0 ? JobUsage.of(pid) : Optional.<LeaseUsage>empty();
            } catch (NotFoundException absent) {
                return Optional.<LeaseUsage>empty();
            }
        });
    }

    private boolean isMine(InspectContainerResponse container) {
        Map<String, String> labels = container.getConfig().getLabels();
        return labels != null
                && labels.entrySet().containsAll(Labels.ofNode(node).entrySet());
    }

    private static Observed observed(InspectContainerResponse container) {
        Map<String, String> labels =
                Optional.ofNullable(container.getConfig().getLabels()).orElse(Map.of());
        InspectContainerResponse.ContainerState state = container.getState();
        return new Observed(
                container.getId(),
                Labels.leaseOf(labels),
                labels.getOrDefault(Labels.SPEC, ""),
                Observed.statusOf(state.getStatus()),
                state.getExitCodeLong() == null ? -1 : state.getExitCodeLong(),
                Boolean.TRUE.equals(state.getOOMKilled()),
                state.getError() == null ? "" : state.getError(),
                Observed.instant(state.getStartedAt()),
                Observed.instant(state.getFinishedAt()));
    }

    /** All containers of this node, in any state. Those of others, labelled or not, are never listed. */
    public List<LeaseId> mine() {
        return asking(
                () -> client.listContainersCmd().withShowAll(true).withLabelFilter(Labels.ofNode(node)).exec().stream()
                        .map(container -> Labels.leaseOf(container.getLabels()))
                        .toList());
    }

    /** Completes when the container no longer runs, exceptionally when the engine went away before. */
    public CompletableFuture<Void> exit(String container) {
        ExitCallback callback = new ExitCallback();
        asking(() -> streams.waitContainerCmd(container).exec(callback));
        return callback.ended();
    }

    /** TERM, then KILL after {@code grace}. A container that has stopped, or is gone, counts as stopped. */
    public void stop(String container, Duration grace) {
        unpause(container);
        reached(() -> {
            try {
                streams.stopContainerCmd(container)
                        .withTimeout((int) grace.toSeconds())
                        .exec();
            } catch (InternalServerErrorException stillAlive) {
                killUnthrottled(container);
            }
        });
    }

    /**
     * A fork bomb held at its CPU quota is too slow to die of a KILL: hundreds of processes share the quota, and the
     * first one, whose end is the end of all, hardly ever runs. So it gets the machine's whole CPU to end in.
     */
    private void killUnthrottled(String container) {
        long nanoCpus = 1_000_000_000L * client.infoCmd().exec().getNCPU();
        client.updateContainerCmd(container).withNanoCPUs(nanoCpus).exec();
        streams.killContainerCmd(container).exec();
    }

    /** Freezes a running container; one that is paused, or has ended, is left as it is. */
    public void pause(String container) {
        reached(() -> client.pauseContainerCmd(container).exec());
    }

    /** Lets a paused container go on; anything else is left as it is. */
    public void unpause(String container) {
        asking(() -> {
            try {
                if (Boolean.TRUE.equals(
                        client.inspectContainerCmd(container).exec().getState().getPaused())) {
                    client.unpauseContainerCmd(container).exec();
                }
            } catch (NotFoundException | ConflictException elsewhere) {
                return false;
            }
            return true;
        });
    }

    /** Removes a container with what it wrote outside its output folder. */
    public void remove(LeaseId lease) {
        Observed mine = find(lease).orElse(null);
        if (mine != null) {
            reached(() -> removeForced(mine.id()));
        }
    }

    private void removeForced(String container) {
        try {
            client.removeContainerCmd(container).withForce(true).exec();
        } catch (InternalServerErrorException stillAlive) {
            killUnthrottled(container);
            client.removeContainerCmd(container).withForce(true).exec();
        }
    }

    /** 304, 404 and 409 all say that the state asked for is reached, or on its way. */
    private static void reached(Runnable call) {
        asking(() -> {
            try {
                call.run();
            } catch (NotModifiedException | NotFoundException | ConflictException already) {
                return false;
            }
            return true;
        });
    }

    /** The engine's refusals pass as they are; anything else means that it did not answer. */
    private static <T> T asking(Supplier<T> call) {
        try {
            return call.get();
        } catch (DockerException refusal) {
            throw refusal;
        } catch (RuntimeException noAnswer) {
            throw new EngineUnavailable(noAnswer);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
            streams.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
