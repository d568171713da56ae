package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.athanor.audit.ExportLine;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.crypto.KeyFiles;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.Receipt.Output;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The mystery shopper's run against a node that tells it of one client's delivery in the plan's epoch. */
class CanaryRunTest extends CommandLineTest {
    private static final long EPOCH = 7;
    private static final String IMAGE = "ab".repeat(32);
    private static final TaskId DRAWN = new JobId(new UUID(1, 2)).task(0);

    private final Instant startsAt =
            Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(60);
    private final List<JsonNode> ordered = new ArrayList<>();
    private final List<JobId> jobs = new ArrayList<>();
    /** The owner and the result of each further run, in the order of the orders. */
    private List<String> runs = List.of();

    private String[] command = {};

    private JobSpec spec = new JobSpec(
            "tile",
            "127.0.0.1:5000/render@sha256:" + IMAGE,
            List.of("render"),
            Map.of(),
            1,
            new JobSpec.GpuDemand(1, null, 0, true),
            1_000,
            1_024,
            20_000,
            Ath.ofWei(5),
            Ath.ofWhole(1),
            Map.of(),
            JobSpec.Network.NONE,
            Set.of());

    @BeforeEach
    void aNetworkThatDrawsEverything() throws IOException {
        ObjectNode profile = Json.mapper().valueToTree(Profiles.load("devnet"));
        ObjectNode vetting = (ObjectNode) profile.at("/accountability/canaries/vetting");
        vetting.put("rerunPpm", 1_000_000).putArray("images").add("sha256:" + IMAGE);
        Wallet log = TestNode.LOG;
        node.answer(
                        "GET /v1/parameters",
                        request -> Map.of(
                                "chainId", TestNode.CHAIN,
                                "vault", log,
                                "settlementLog", log,
                                "version", 1,
                                "parameters", profile))
                .answer("POST /v1/canaries", request -> accepted())
                .answer("POST /v1/canaries/openings", request -> accepted())
                .answer("GET /v1/epochs/" + EPOCH, request -> epoch(EPOCH))
                .answer("GET /v1/epochs/" + (EPOCH + 2), request -> epoch(EPOCH + 2))
                .answer("GET /v1/jobs", request -> new Page<>(List.of(), null, 1))
                .answer("POST /v1/jobs", request -> order(request.body()))
                .answer("GET /v1/audit/export", request -> history());
        settled(DRAWN, "the first owner", "known");
        Files.writeString(folder.resolve("job.yaml"), """
                name: tile
                image: %s
                command: ['false', '{word}']
                gpus: {allowSimulated: true}
                maxDuration: 20s
                maxPrice: 0.002 ATH
                cap: 1 ATH
                """.formatted(spec.image()));
        Path templates = Files.writeString(
                folder.resolve("canaries.json"), "[{\"job\": \"job.yaml\", \"fails\": true, \"outputs\": {}}]");
        KeyFiles.write(folder.resolve("secret"), Hash32.keccak(new byte[] {7}).bytes());
        command = new String[] {
            "canary",
            "run",
            templates.toString(),
            "--secret",
            folder.resolve("secret").toString(),
            "--epoch",
            "" + EPOCH
        };
    }

    private static Map<String, Object> accepted() {
        return Map.of("commandId", new CommandId(new UUID(5, 6)), "events", 1, "index", 1);
    }

    private EpochView epoch(long number) {
        Instant from = startsAt.plusSeconds(10 * (number - EPOCH));
        return new EpochView(
                number,
                "OPEN",
                from,
                from.plusSeconds(10),
                1,
                Hash32.ZERO,
                1,
                Ath.ZERO,
                Ath.ZERO,
                Ath.ZERO,
                Ath.ZERO,
                null,
                null,
                1);
    }

    private String history() {
        Wallet client = Wallet.parse("0x00000000000000000000000000000000000000cc");
        Authorization by = new Authorization(new CommandId(new UUID(3, 4)), client, client, startsAt, "0x00");
        return line(1, new JobSubmitted(DRAWN, client, spec, by, startsAt))
                + line(2, new JobCompleted(DRAWN, receipt(DRAWN, "known"), startsAt.plusSeconds(5)));
    }

    private String line(long index, JobEvent event) {
        return new ExportLine(
                                "" + index,
                                "e" + index,
                                StreamId.of(StreamId.JOB, event.task()),
                                index - 1,
                                EventCatalogue.nameOf(event.getClass()),
                                1,
                                Json.mapper().valueToTree(event),
                                Json.mapper().createObjectNode(),
                                startsAt)
                        .text()
                + "\n";
    }

    private Receipt receipt(TaskId task, String result) {
        byte[] content = result.getBytes(StandardCharsets.UTF_8);
        List<Output> outputs = List.of(new Output("result", Sha256.of(content), content.length));
        return new Receipt(
                task.lease(1), "c", "i", Ending.COMPLETED, 0, startsAt, startsAt, 10, outputs, null, 0, "0x00");
    }

    private void settled(TaskId task, String owner, String result) {
        Hash32 named = Hash32.keccak(owner.getBytes(StandardCharsets.UTF_8));
        Wallet provider = Wallet.parse("0x" + named.hex().substring(26));
        TaskView view = new TaskView(
                task,
                "SETTLED",
                task.lease(1),
                null,
                provider,
                null,
                null,
                null,
                null,
                null,
                receipt(task, result),
                null,
                Ath.ZERO,
                7L,
                true);
        JobView job =
                new JobView(task.job(), provider, "SETTLED", spec, Ath.ZERO, Ath.ZERO, startsAt, List.of(view), 1);
        node.answer("GET /v1/jobs/" + task.job(), request -> job)
                .answer(
                        "GET /v1/providers/" + provider,
                        request -> new ProviderView(provider, "p", owner, "ACTIVE", 1, List.of(), startsAt, 1));
    }

    private Map<String, Object> order(JsonNode body) {
        int number = ordered.size() - 2;
        ordered.add(body);
        Refused.unless(number < runs.size() / 2, Reason.INSUFFICIENT_FUNDS, "no deposit came");
        JobId job = JobId.parse(body.path("jobId").asText());
        jobs.add(job);
        if (number >= 0) {
            settled(job.task(0), runs.get(2 * number), runs.get(2 * number + 1));
        } else {
            settled(job.task(0), "any", "any");
        }
        return accepted();
    }

    /** What the opening tells of the one that was drawn. */
    private Rerun told(String... ownersAndResults) {
        runs = List.of(ownersAndResults);
        assertThat(run(command)).as(err.toString()).isZero();
        JsonNode body = Json.read(Objects.requireNonNull(node.received.get("/v1/canaries/openings")), JsonNode.class);
        CanaryPlan plan = Json.read(Json.bytes(body.path("plan")), CanaryPlan.class);
        assertThat(plan.plants()).hasSize(2);
        assertThat(plan.plants().getFirst().spec())
                .isEqualTo(plan.plants().getLast().spec());
        assertThat(body.path("reruns")).hasSize(1);
        for (int i = 2; i < ordered.size(); i++) {
            assertThat(Wallet.parse(ordered.get(i).at("/authorization/wallet").asText()))
                    .isEqualTo(Objects.requireNonNull(plan.spares()).get(i - 2));
            assertThat(Json.read(Json.bytes(ordered.get(i).path("spec")), JobSpec.class))
                    .isEqualTo(spec);
        }
        return Json.read(Json.bytes(body.path("reruns").path(0)), Rerun.class);
    }

    @Test
    void whatAnotherOwnersMachineGivesAgainNeedsNoThirdRun() {
        assertThat(told("another owner", "known"))
                .isEqualTo(new Rerun(DRAWN, jobs.get(2).task(0), null, null));
    }

    @Test
    void anotherResultOrTheSameOwnerIsRunOnceMore() {
        assertThat(told("another owner", "other", "a third", "known"))
                .isEqualTo(new Rerun(DRAWN, jobs.get(2).task(0), jobs.get(3).task(0), null));
    }

    @Test
    void theSameOwnersMachineDecidesNothing() {
        assertThat(told("the first owner", "known", "another owner", "known"))
                .isEqualTo(new Rerun(DRAWN, jobs.get(2).task(0), jobs.get(3).task(0), null));
    }

    @Test
    void whatCannotBeOrderedIsToldWithTheReason() {
        Rerun told = told();
        assertThat(told.first()).isNull();
        assertThat(told.why()).contains("no deposit came");
    }
}
