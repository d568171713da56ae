package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MainTest extends CommandLineTest {
    private static final String IMAGE = "localhost:5000/tile@sha256:" + "ab".repeat(32);

    private String spec(String more) throws IOException {
        Path file = folder.resolve("job.yaml");
        Files.writeString(file, """
                name: tiles
                image: %s
                command: [render]
                env: {SCENE: glass}
                tasks: 2
                maxDuration: 10m
                maxPrice: 0.001 ATH
                cap: 10 ATH
                %s
                """.formatted(IMAGE, more));
        return file.toString();
    }

    private Object takeOrder(TestNode.Request request) {
        JsonNode body = request.body();
        JobSpec spec = Json.readStrict(Json.bytes(body.path("spec")), JobSpec.class);
        JsonNode signed = body.path("authorization");
        TestNode.requireSigned(
                signed,
                TypedCommands.submitJob(
                        JobId.parse(body.path("jobId").asText()),
                        Wallet.parse(signed.path("wallet").asText()),
                        Json.digest(spec),
                        spec.tasks(),
                        spec.maxPrice(),
                        spec.cap(),
                        CommandId.parse(signed.path("commandId").asText()),
                        Instant.parse(signed.path("expiresAt").asText())));
        assertThat(body.path("chainId").asLong()).isEqualTo(TestNode.CHAIN);
        return Map.of("commandId", signed.path("commandId").asText(), "events", 5, "index", 9);
    }

    @Test
    void submitSignsTheOrderAndUploadsItsInputs() throws IOException {
        Files.writeString(folder.resolve("scene.txt"), "sphere");
        Sha256 digest = Sha256.of("sphere".getBytes(StandardCharsets.UTF_8));
        node.answer("POST /v1/jobs", this::takeOrder).answer("PUT /v1/blobs/" + digest, request -> {
            Refused.unless(
                    request.bearer().equals("Bearer token-of-" + KEY.address()), Reason.NOT_SIGNED_IN, "no token");
            return Map.of("digest", digest, "bytes", 6);
        });
        assertThat(run("job", "submit", spec("inputs: {scene.txt: scene.txt}"), "-o", "json"))
                .as(err.toString())
                .isZero();
        JsonNode printed = Json.read(out.toString(), JsonNode.class);
        assertThat(printed.path("tasks").asInt()).isEqualTo(2);
        assertThat(printed.path("index").asLong()).isEqualTo(9);
        assertThat(err.toString()).contains("uploading");
        assertThat(node.received).containsKey("/v1/blobs/" + digest);
    }

    @Test
    void submitStaysWithTheJobAndPrintsEachTasksLog() throws IOException {
        node.answer("POST /v1/jobs", this::takeOrder);
        JobId id = new JobId(Session.uuid());
        AtomicInteger asked = new AtomicInteger();
        node.answer(
                        "GET /v1/jobs/" + id,
                        request -> asked.incrementAndGet() < 2
                                ? two(id, "RUNNING", null)
                                : two(id, "COMPLETED", "COMPLETED"))
                .answer("GET /v1/jobs/" + id + "/logs", request -> {
                    String task = request.query().replaceAll(".*task=([0-9]+).*", "$1");
                    byte[] log = ("tile " + task + "\nno end").getBytes(StandardCharsets.UTF_8);
                    int offset = Integer.parseInt(request.query().replaceAll(".*offset=", ""));
                    return java.util.Arrays.copyOfRange(log, Math.min(offset, log.length), log.length);
                });
        assertThat(run("job", "submit", spec(""), "--follow", "--id", id.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("[0] tile 0\n", "[0] no end\n", "[1] tile 1\n");
        assertThat(err.toString()).contains("{RUNNING=2}", "{COMPLETED=2}");
        node.answer("GET /v1/jobs/" + id, request -> two(id, "FAILED", "EXIT_CODE"));
        assertThat(run("job", "submit", spec(""), "--for", "ended", "--json", "--id", id.toString()))
                .isEqualTo(1);
        assertThat(Json.read(out.toString().lines().toList().getLast(), JsonNode.class)
                        .path("id")
                        .asText())
                .isEqualTo(id.toString());
        assertThat(err.toString()).contains("EXIT_CODE: Read the task's log");
    }

    static JobView two(JobId id, String state, @Nullable String ending) {
        JobView one = view(id, state, ending);
        List<TaskView> tasks = List.of(leased(id.task(0), state, ending), leased(id.task(1), state, ending));
        return new JobView(
                id, one.client(), state, one.spec(), one.held(), one.cost(), one.submittedAt(), tasks, one.asOf());
    }

    private static TaskView leased(TaskId id, String state, @Nullable String ending) {
        return new TaskView(
                id, state, id.lease(1), null, null, null, ending, null, null, null, null, null, Ath.ZERO, null, true);
    }

    @Test
    void filesThatAreNotThereAreNamed() throws IOException {
        assertThat(run("job", "submit", folder.resolve("none.yaml").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("there is no file " + folder.resolve("none.yaml"));
        assertThat(run("job", "submit", spec("inputs: {scene.txt: gone.txt}"))).isEqualTo(2);
        assertThat(err.toString()).contains("inputs.scene.txt: there is no file " + folder.resolve("gone.txt"));
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "a: [1");
        assertThat(run("job", "validate", broken.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("broken.yaml");
    }

    @Test
    void aNewWalletIsAKeyFileThatIsNeverReplaced() throws IOException {
        Path file = folder.resolve("new.key");
        assertThat(run("account", "new", file.toString(), "--json"))
                .as(err.toString())
                .isZero();
        JsonNode made = Json.read(out.toString(), JsonNode.class);
        byte[] key = KeyFiles.read(file);
        assertThat(made.path("wallet").asText())
                .isEqualTo(Wallet.parse(Secp256k1.keyPair(key).address()).toString());
        assertThat(run("account", "new", file.toString())).isEqualTo(2);
        assertThat(KeyFiles.read(file)).isEqualTo(key);
    }

    @Test
    void aRefusalShowsCodeReasonAndNextStepAndExitsOne() throws IOException {
        node.answer("POST /v1/jobs", request -> {
            throw new Refused(Reason.INSUFFICIENT_FUNDS, "the job holds 10 ATH but 0 ATH is available");
        });
        assertThat(run("job", "submit", spec(""))).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("INSUFFICIENT_FUNDS: the job holds 10 ATH")
                .contains(Reason.INSUFFICIENT_FUNDS.nextStep());
    }

    @Test
    void wrongCallsExitTwo() throws IOException {
        assertThat(run("job", "submit")).isEqualTo(2);
        assertThat(run("job", "fly")).isEqualTo(2);
        assertThat(run("job", "submit", spec("colour: red"))).isEqualTo(2);
        assertThat(err.toString()).contains("unknown field colour");
        assertThat(run("job", "get", "not-a-uuid")).isEqualTo(2);
        Files.setPosixFilePermissions(
                folder.resolve("wallet.key"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run("account")).isEqualTo(2);
        assertThat(err.toString()).contains("chmod 600");
    }

    @Test
    void validateKnowsTheNetworksRules() throws IOException {
        assertThat(run("job", "validate", spec(""))).as(err.toString()).isZero();
        assertThat(run("job", "validate", spec("cpuMillis: 0"))).isEqualTo(1);
        assertThat(err.toString()).contains("INVALID_SPEC").contains("cpuMillis");
    }

    static JobView view(JobId id, String state, @Nullable String ending) {
        JobSpec spec = new JobSpec(
                "tiles",
                IMAGE,
                List.of(),
                Map.of(),
                1,
                new JobSpec.GpuDemand(1, null, 0, true),
                1000,
                512,
                60_000,
                Ath.ofWhole(1),
                Ath.ofWhole(10),
                Map.of(),
                JobSpec.Network.NONE,
                java.util.Set.of());
        TaskView task = new TaskView(
                id.task(0), state, null, null, null, null, ending, null, null, null, null, null, Ath.ZERO, null, true);
        return new JobView(id, Wallet.ZERO, state, spec, Ath.ofWhole(10), Ath.ZERO, Instant.EPOCH, List.of(task), 7);
    }

    @Test
    void waitEndsWithTheGoalTheFailureOrTheTime() {
        JobId id = new JobId(Session.uuid());
        AtomicInteger asked = new AtomicInteger();
        String path = "GET /v1/jobs/" + id;
        node.answer(
                path,
                request -> asked.incrementAndGet() < 2 ? view(id, "RUNNING", null) : view(id, "SETTLED", "COMPLETED"));
        assertThat(run("job", "wait", id.toString(), "--for=settled")).isZero();
        assertThat(err.toString()).contains("{RUNNING=1}").contains("{SETTLED=1}");
        assertThat(out.toString()).contains("SETTLED");
        node.answer(path, request -> view(id, "VERIFIED", "EXIT_CODE"));
        assertThat(run("job", "wait", id.toString(), "--for=ended")).isEqualTo(1);
        assertThat(run("job", "wait", id.toString(), "--timeout=0")).isEqualTo(124);
        assertThat(run("job", "wait", new JobId(Session.uuid()).toString(), "--timeout=0"))
                .isEqualTo(124);
    }

    @Test
    void outputsWithAnotherDigestAreNotKept() throws IOException {
        JobId id = new JobId(Session.uuid());
        Sha256 digest = Sha256.of("good".getBytes(StandardCharsets.UTF_8));
        String file = "/v1/jobs/" + id + "/outputs/0/a/tile.ppm";
        node.answer(
                        "GET /v1/jobs/" + id + "/outputs",
                        request -> Map.of(
                                "items",
                                List.of(Map.of(
                                        "task",
                                        id.task(0),
                                        "path",
                                        "a/tile.ppm",
                                        "sha256",
                                        digest,
                                        "bytes",
                                        4,
                                        "stored",
                                        true))))
                .answer("GET " + file, request -> "evil".getBytes(StandardCharsets.UTF_8));
        Path target = folder.resolve("out");
        assertThat(run("job", "outputs", id.toString(), "-d", target.toString()))
                .isEqualTo(1);
        assertThat(target.resolve("0/a/tile.ppm")).doesNotExist();
        node.answer("GET " + file, request -> "good".getBytes(StandardCharsets.UTF_8));
        assertThat(run("job", "outputs", id.toString(), "-d", target.toString()))
                .as(err.toString())
                .isZero();
        assertThat(target.resolve("0/a/tile.ppm")).hasContent("good");
    }

    @Test
    void logsFollowTheOffsetToTheEnd() {
        JobId id = new JobId(Session.uuid());
        byte[] log = "grün\n".getBytes(StandardCharsets.UTF_8);
        node.answer("GET /v1/jobs/" + id, request -> two(id, "COMPLETED", "COMPLETED"))
                .answer("GET /v1/jobs/" + id + "/logs", request -> {
                    int offset = Integer.parseInt(request.query().replaceAll(".*offset=", ""));
                    return java.util.Arrays.copyOfRange(log, offset, Math.min(log.length, offset + 3));
                });
        assertThat(run("job", "logs", "-f", id.toString())).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualTo("grün\n");
        assertThat(err.toString()).contains("next offset 6");
    }

    @Test
    void nothingListeningIsSaidInWords() {
        node.close();
        assertThat(run("job", "list")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing answers at").contains("./athanor up");
    }

    @Test
    void authorizePrintsWhatAnAgentTakes() {
        String agentKey = "0x" + "11".repeat(32);
        String machine = Session.uuid().toString();
        assertThat(run("machine", "authorize", "--machine", machine, "--agent-key", agentKey))
                .as(err.toString())
                .isZero();
        JsonNode signed = Json.read(out.toString(), JsonNode.class);
        TestNode.requireSigned(
                signed,
                TypedCommands.authorizeAgent(
                        Wallet.parse(KEY.address()),
                        agentKey,
                        io.athanor.domain.common.MachineId.parse(machine),
                        CommandId.parse(signed.path("commandId").asText()),
                        Instant.parse(signed.path("expiresAt").asText())));
    }

    @Test
    void aWalletHasItsClaimsSentForIt() {
        String path = "/v1/accounts/" + KEY.address() + "/withdrawals";
        node.answer("POST " + path + "/relay", request -> {
            assertThat(request.bearer()).isEqualTo("Bearer token-of-" + KEY.address());
            return Map.of(
                    "wallet",
                    KEY.address(),
                    "requested",
                    "7",
                    "paid",
                    "3",
                    "relayed",
                    request.body().path("relayed").asBoolean());
        });
        assertThat(run("account", "withdrawals", "--relay", "--json"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("\"relayed\":true");
        assertThat(run("account", "withdrawals", "--no-relay", "--json"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("\"relayed\":false");
    }

    @Test
    void withdrawSignsTheAmount() {
        String path = "/v1/accounts/" + KEY.address() + "/withdrawals";
        node.answer("POST " + path, request -> {
            JsonNode signed = request.body().path("authorization");
            TestNode.requireSigned(
                    signed,
                    TypedCommands.requestWithdrawal(
                            Wallet.parse(KEY.address()),
                            Ath.parse("12500000000000000000"),
                            CommandId.parse(signed.path("commandId").asText()),
                            Instant.parse(signed.path("expiresAt").asText())));
            assertThat(request.body().path("amount").asText()).isEqualTo("12500000000000000000");
            return Map.of("commandId", signed.path("commandId").asText(), "events", 1, "index", 9);
        });
        assertThat(run("account", "withdraw", "12.5 ATH")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("12.5 ATH");
        assertThat(run("account", "withdraw", "a lot")).isEqualTo(2);
    }
}
