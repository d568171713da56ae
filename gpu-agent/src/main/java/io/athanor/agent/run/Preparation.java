package io.athanor.agent.run;

import io.athanor.agent.docker.ContainerPlan;
import io.athanor.agent.docker.DockerEngine;
import io.athanor.agent.docker.ImagePull;
import io.athanor.agent.docker.ImageReference;
import io.athanor.agent.docker.StartFailure;
import io.athanor.agent.run.BlobChannel.InputUnavailable;
import io.athanor.domain.common.Limits;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.wire.AgentProtocol.AgentOrder.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Everything before a container's start: inputs, image, container. Each part may be repeated. */
final class Preparation {
    private final RunContext context;
    private final Start order;
    private final LeaseFolder folder;

    Preparation(RunContext context, Start order, LeaseFolder folder) {
        this.context = context;
        this.order = order;
        this.folder = folder;
    }

    /**
     * Makes the container. The engine is asked for it before its image is looked for: mostly the image is there.
     *
     * @param wish completes when the job is to be stopped; the pull is then given up
     * @return the container's id
     * @throws StartFailure with the reason in words
     * @throws IOException when an input cannot be fetched now
     * @throws java.util.concurrent.CancellationException after the wish
     */
    String create(CompletableFuture<Ending> wish) throws StartFailure, IOException, InterruptedException {
        ContainerPlan plan = plan();
        fetchInputs();
        try {
            String container = context.engine().create(plan);
            context.images().used(plan.image(), System.currentTimeMillis());
            return container;
        } catch (StartFailure failure) {
            if (failure.failure() != StartFailure.Cause.IMAGE_ABSENT) {
                throw failure;
            }
        }
        pull(plan.image(), wish);
        return context.engine().create(plan);
    }

    ContainerPlan plan() throws StartFailure {
        JobSpec spec = order.spec();
        RunSettings settings = context.settings();
        return new ContainerPlan(
                order.lease(),
                settings.node(),
                order.specDigest().toString(),
                image(spec.image()),
                spec.command(),
                order.env(),
                new ContainerPlan.Limits(
                        spec.cpuMillis(),
                        spec.memoryMib(),
                        RunSettings.PIDS,
                        Math.min(RunSettings.TMPFS_MIB, spec.memoryMib()),
                        RunSettings.FILE_MIB),
                new ContainerPlan.Gpus(order.gpus(), context.gpus().simulated(), settings.cdi()),
                network(spec.network()),
                order.startBy().plusMillis(spec.maxDurationMillis()),
                folder.in(),
                folder.out(),
                settings.user());
    }

    private static ImageReference image(String text) throws StartFailure {
        try {
            return ImageReference.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new StartFailure(StartFailure.Cause.IMAGE_NOT_FOUND, String.valueOf(malformed.getMessage()));
        }
    }

    private String network(JobSpec.Network wanted) throws StartFailure {
        if (wanted == JobSpec.Network.NONE) {
            return ContainerPlan.NO_NETWORK;
        }
        String egress = context.settings().egressNetwork();
        if (egress == null) {
            throw new StartFailure(
                    StartFailure.Cause.ENGINE_REFUSED,
                    "This machine runs no jobs that reach the internet: its owner has set no network aside for them.");
        }
        return egress;
    }

    private void fetchInputs() throws StartFailure, IOException, InterruptedException {
        for (Map.Entry<String, JobSpec.Input> input : order.spec().inputs().entrySet()) {
            Path target = folder.in().resolve(input.getKey()).normalize();
            if (!target.startsWith(folder.in()) || target.equals(folder.in())) {
                throw new StartFailure(
                        StartFailure.Cause.INPUT_UNAVAILABLE,
                        "The input path " + input.getKey() + " leads out of /in.");
            }
            if (!Files.exists(target)) {
                fetch(input.getValue(), target);
            }
        }
    }

    private void fetch(JobSpec.Input input, Path target) throws StartFailure, IOException, InterruptedException {
        if (input.bytes() > Limits.BLOB_BYTES) {
            throw new StartFailure(
                    StartFailure.Cause.INPUT_UNAVAILABLE, "The input " + input.digest() + " is larger than allowed.");
        }
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            context.blobs().fetch(input.digest(), input.bytes(), target);
        } catch (InputUnavailable missing) {
            throw new StartFailure(StartFailure.Cause.INPUT_UNAVAILABLE, String.valueOf(missing.getMessage()));
        }
    }

    private void pull(ImageReference image, CompletableFuture<Ending> wish) throws StartFailure, InterruptedException {
        DockerEngine engine = context.engine();
        context.images().pulling(image, System.currentTimeMillis());
        ImagePull pull = engine.pull(image);
        CompletableFuture<Void> cancelling = wish.thenRun(pull::cancel);
        try {
            pull.await();
        } finally {
            cancelling.cancel(false);
        }
        if (!engine.hasImage(image)) {
            throw new StartFailure(
                    StartFailure.Cause.IMAGE_DIGEST_MISMATCH, "After the pull, the engine does not know " + image);
        }
    }
}
