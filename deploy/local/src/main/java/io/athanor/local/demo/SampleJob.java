package io.athanor.local.demo;

import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.JobSpec.GpuDemand;
import io.athanor.domain.job.JobSpec.Input;
import io.athanor.domain.job.JobSpec.Network;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The render job: one scene, one task a tile, each on one GPU. */
public final class SampleJob {
    /** As the scene file says. */
    public static final int COLUMNS = 4;

    public static final int TILES = 8;

    private static final Ath MAX_PRICE = Ath.parse("2000000000000000");
    private static final Ath CAP = Ath.ofWhole(4);
    private static final long MAX_DURATION_MILLIS = 120_000;

    private SampleJob() {}

    private record Order(JobId jobId, JobSpec spec, Authorization authorization) {}

    static byte[] scene() {
        try {
            return Files.readAllBytes(SampleImage.samples().resolve("scene.txt"));
        } catch (IOException e) {
            throw new EngineFailure("The sample's scene cannot be read: " + e.getMessage() + ".", "Restore it.", e);
        }
    }

    static JobSpec spec(String image, byte[] scene) {
        return new JobSpec(
                "render",
                image,
                List.of("/bin/busybox", "awk", "-f", "/usr/share/athanor/render.awk", "/in/scene.txt"),
                Map.of(),
                TILES,
                new GpuDemand(1, null, 8_192, true),
                1_000,
                256,
                MAX_DURATION_MILLIS,
                MAX_PRICE,
                CAP,
                Map.of("scene.txt", new Input(Sha256.of(scene), scene.length)),
                Network.NONE,
                Set.of());
    }

    /** Uploads the scene and orders the job; the client pays. */
    static JobId submit(ApiClient signedIn, DevWallet client, SigningDomain domain, String image) {
        byte[] scene = scene();
        signedIn.put("/v1/blobs/" + Sha256.of(scene), scene);
        JobSpec spec = spec(image, scene);
        JobId job = new JobId(DevWallet.freshId());
        Authorization by = client.authorize(
                domain,
                (id, until) -> TypedCommands.submitJob(
                        job, client.wallet(), Json.digest(spec), TILES, MAX_PRICE, CAP, id, until));
        signedIn.post("/v1/jobs", new Order(job, spec, by), Map.class);
        return job;
    }
}
