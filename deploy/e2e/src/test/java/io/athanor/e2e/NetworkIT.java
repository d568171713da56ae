package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Consistency.Mark;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.view.TimelineEntry;
import io.athanor.local.TestEngines;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.devnet.DevnetAccounts;
import io.athanor.local.engine.Checkout;
import io.athanor.local.network.Network;
import io.athanor.local.network.Services;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A network as {@code up} leaves it, used by the command line: what a user does, and what goes wrong; at the end with a
 * second node, which takes over where the first is killed.
 */
@Tag("e2e")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NetworkIT implements MysteryShopping {
    private static final int PORT_BASE = 18_880;
    private static final String LEADS = "the routers run on this node";
    private static final int TILES = 8;
    private static final int ROWS = 2;
    private static final Path SAMPLE = Checkout.root().resolve("deploy/samples/render");
    private static final Path DATA = TestEngines.folder("network");
    private static final Launcher LAUNCHER =
            MysteryShopping.by(new Launcher(DATA, PORT_BASE, Map.of("ATHANOR_EGRESS_NETWORK", "bridge")));

    /** Checkers whose keys a test uses against the rules; the others are as {@code up} left them. */
    private static final int COPIES = 5;

    private static final int EQUIVOCATES = 6;

    /** Stake behind one H200, and what it is worth, which the third machine claims to be. */
    private static final Ath CLAIM_REQUIRES = Ath.ofWhole(12_500);

    private static final long CLAIMED_PPM = 1_250_000;

    private static @Nullable ThirdMachine third;
    private static @Nullable StoppedAgents stopped;
    private static @Nullable CaseId equivocation;
    private static @Nullable CaseId counterfeit;

    private record Terms(long chainId, Wallet settlementLog) {}

    @BeforeAll
    static void up() throws Exception {
        Launcher.Run up = LAUNCHER.run("up", "--detach");
        assertThat(up.exit()).as(up.out() + up.err()).isZero();
    }

    @AfterAll
    static void down() throws Exception {
        assertThat(LAUNCHER.run("down").exit()).isZero();
    }

    private static Network network() {
        return LAUNCHER.network();
    }

    private static CommandLine client() {
        return new CommandLine(Services.api(network().layout()), DevnetAccounts.clientKey(DATA), DATA);
    }

    private static String image() {
        return network().images().address() + "/athanor/render:latest";
    }

    @Test
    @Order(1)
    void theSampleIsOrderedAsItLiesAndItsOutputsAreFetched() throws Exception {
        CommandLine.Call submitted = client().run(
                        "job",
                        "submit",
                        SAMPLE.resolve("job.json").toString(),
                        "--image",
                        image(),
                        "--follow",
                        "--wait",
                        "--timeout",
                        "240",
                        "--json");
        assertThat(submitted.exit()).as(submitted.err()).isZero();
        JsonNode job = submitted.json();
        assertThat(job.path("state").asText()).isEqualTo("SETTLED");
        assertThat(submitted.err()).contains("uploading", "[0] tile 0: 100 of 100 rows", "[7] tile 7:");

        Path tiles = DATA.resolve("tiles");
        CommandLine.Call outputs = client().run("job", "outputs", job.path("id").asText(), "--to", tiles.toString());
        assertThat(outputs.exit()).as(outputs.err()).isZero();
        RenderReference reference = new RenderReference(Files.readString(SAMPLE.resolve("scene.txt")));
        for (int tile = 0; tile < TILES; tile++) {
            Path file = tiles.resolve(Integer.toString(tile)).resolve("tile-0" + tile + ".ppm");
            assertThat(Files.readString(file)).isEqualTo(reference.tile(tile, ROWS));
        }
    }

    /** What follows at once; what needs days of the network is looked at in the end. */
    @Test
    @Order(2)
    void whoLiesCopiesOrEquivocatesIsFoundOut() throws Exception {
        ApiClient api = new ApiClient(Services.api(network().layout()));
        Terms terms = api.get("/v1/parameters", Terms.class);
        SigningDomain domain = new SigningDomain(terms.chainId(), terms.settlementLog());
        third = ThirdMachine.lying(network(), api.base(), domain);

        FaultyChecker twice = new FaultyChecker(api.base(), DATA, EQUIVOCATES, domain);
        Path proof = twice.signTwice(DATA);
        CommandLine.Call proved = client().run("case", "prove", proof.toString());
        assertThat(proved.exit()).as(proved.err()).isZero();
        equivocation = cases().opened(Offence.Equivocation.class, 1).getFirst().id();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> api.get("/v1/checkers/" + twice.wallet(), CheckerView.class)
                        .standing()
                        .equals("TOMBSTONED"));

        FaultyChecker copies = new FaultyChecker(api.base(), DATA, COPIES, domain);
        String node = "checker-" + COPIES;
        LAUNCHER.signal(node, "STOP");
        try {
            RoundId round = copies.copy();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> api.get("/v1/rounds/" + round, RoundView.class)
                            .state()
                            .equals("FINALIZED"));
            List<Consistency> marks =
                    api.get("/v1/rounds/" + round, RoundView.class).consistency();
            assertThat(marks).contains(new Consistency(copies.wallet(), Mark.ABSENT));
            assertThat(marks)
                    .as("nobody else is harmed")
                    .extracting(Consistency::mark)
                    .contains(Mark.CORRECT);
        } finally {
            LAUNCHER.signal(node, "CONT");
        }

        await().atMost(Duration.ofMinutes(2))
                .until(() -> third().seen().standing().equals("REJECTED"));
        assertThat(third().seen().note())
                .contains("found other hardware than is claimed", "1250000 claimed", "inspected again");
        counterfeit = caseOfTheLie(api);
        third().tellTheTruth();
    }

    private static ThirdMachine third() {
        return Objects.requireNonNull(third, "no third machine was started");
    }

    @Test
    @Order(8)
    void everybodyPaidWhatTheCaseFilesSayAndTheMachineThatToldTheTruthIsCertifiedForIt() throws Exception {
        assertThat(third().seen().standing()).isEqualTo("CERTIFIED");
        assertThat(third().seen().score()).isEqualTo(220_000);

        CaseView file = cases().executed(Objects.requireNonNull(equivocation), 500, Ath.ofWhole(500));
        assertThat(file.shares())
                .extracting(PenaltyShare::kind)
                .containsExactlyInAnyOrder(PenaltyShare.Kind.REPORTER, PenaltyShare.Kind.TREASURY);
        assertThat(cases().against(file.accused())).hasSize(1);
        CaseView lie = cases().executed(Objects.requireNonNull(counterfeit), 10_000, CLAIM_REQUIRES);
        assertThat(lie.shares()).extracting(PenaltyShare::kind).containsExactly(PenaltyShare.Kind.TREASURY);
        assertThat(cases().of(Offence.Counterfeit.class))
                .as("no other machine lied")
                .hasSize(1);
        assertThat(cases().dailyTests())
                .as("machines that were free were tested")
                .isNotEmpty();
        Objects.requireNonNull(stopped).paidAndGetNoNewWork();
        PoolId copier = PoolId.ofChecker(
                DevWallet.number(DevWallets.FIRST_CHECKER + COPIES).wallet());
        assertThat(cases().against(copier))
                .as("a refused copy takes nobody's stake")
                .isEmpty();
    }

    private static CaseFiles cases() {
        return new CaseFiles(new ApiClient(Services.api(network().layout())), client());
    }

    /** What a quorum found of the lie is the evidence; at risk is all that the claim requires. */
    private static CaseId caseOfTheLie(ApiClient api) {
        CaseView file = cases().opened(Offence.Counterfeit.class, 1).getFirst();
        Offence.Counterfeit lie = (Offence.Counterfeit) file.offence();
        assertThat(lie.machine()).isEqualTo(third().id());
        assertThat(lie.required()).isEqualTo(CLAIM_REQUIRES);
        assertThat(api.get("/v1/rounds/" + lie.round(), RoundView.class).verdicts())
                .filteredOn(verdict -> verdict.subject().equals(third().id().toString()))
                .singleElement()
                .satisfies(verdict -> {
                    assertThat(verdict.fact()).isEqualTo(Fact.COUNTERFEIT);
                    assertThat(verdict.measure()).isLessThan(CLAIMED_PPM);
                });
        cases().raised(file.id(), 10_000, CLAIM_REQUIRES);
        return file.id();
    }

    private static String order(String image, String command, String duration)
            throws IOException, InterruptedException {
        return order(image, command, duration, "null");
    }

    private static String order(String image, String command, String duration, String model)
            throws IOException, InterruptedException {
        Path spec = Files.createTempFile(DATA, "job", ".yaml");
        Files.writeString(spec, """
            name: bad
            image: %s
            command: [%s]
            gpus: {allowSimulated: true, model: %s}
            maxDuration: %s
            maxPrice: 0.002 ATH
            cap: 1 ATH
            """.formatted(image, command, model, duration));
        return client().run("job", "submit", spec.toString(), "--json")
                .json()
                .path("jobId")
                .asText();
    }

    @Test
    @Order(3)
    void whatCannotRunEndsWithItsReason() throws Exception {
        String shell = "/bin/busybox, sh, -c, ";
        String none = network().images().address() + "/athanor/none@sha256:" + "ab".repeat(32);
        Map<String, String> jobs = new LinkedHashMap<>();
        jobs.put("IMAGE_UNAVAILABLE", order(none, shell + "true", "20s"));
        jobs.put("COMMAND_NOT_FOUND", order(image(), "/bin/nothing", "20s"));
        jobs.put("EXIT_CODE", order(image(), shell + "'echo so much for that; exit 3'", "20s"));
        jobs.put("DEADLINE", order(image(), "/bin/busybox, sleep, '60'", "2s"));
        String good = order(image(), shell + "'echo well; exit 0'", "20s");
        ApiClient api = new ApiClient(Services.api(network().layout()));
        for (Map.Entry<String, String> entry : jobs.entrySet()) {
            CommandLine.Call waited =
                    client().run("job", "wait", entry.getValue(), "--for", "ended", "--timeout", "120", "--json");
            assertThat(waited.exit()).as(entry.getKey() + waited.err()).isEqualTo(1);
            JsonNode task = waited.json().path("tasks").path(0);
            assertThat(task.path("ending").asText()).isEqualTo(entry.getKey());
            assertThat(task.path("detail").asText()).isNotBlank();
            JsonNode error = api.get("/errors/" + entry.getKey(), JsonNode.class);
            assertThat(waited.err()).contains(error.path("nextStep").asText());
        }
        assertThat(client().run("job", "logs", jobs.get("EXIT_CODE")).out()).isEqualTo("so much for that\n");
        CommandLine.Call waited = client().run("job", "wait", good, "--for", "ended", "--timeout", "120");
        assertThat(waited.exit()).as(waited.err()).isZero();
    }

    /** By the command line, the server's doors and the agent, into the container and back. */
    private static void entersAndSeesWhatItUses(String job) throws IOException, InterruptedException {
        CommandLine.Call entered =
                client().run("job", "exec", job, "--", "/bin/busybox", "sh", "-c", "echo inside; exit 7");
        assertThat(entered.out()).as(entered.err()).isEqualTo("inside\n");
        assertThat(entered.exit()).isEqualTo(7);
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    JsonNode used =
                            client().run("job", "usage", job, "--json").json().path("items");
                    assertThat(used.path(0).path("processes").asInt()).isPositive();
                    assertThat(used.path(0).path("memoryBytes").asLong()).isPositive();
                    assertThat(used.path(0).path("streamPieces").asLong()).isPositive();
                    assertThat(used.path(0).path("streamP99Micros").asLong()).isPositive();
                });
    }

    /** Early, so that the stay of its cases goes by while other tests run. */
    @Test
    @Order(5)
    void whoStopsMidJobHasACaseByItsBandAndTheJobIsPaidOnceUnderALaterLease() throws Exception {
        third().offer();
        StoppedAgents agents = new StoppedAgents(LAUNCHER, third(), client(), cases());
        stopped = agents;
        String sleep = "/bin/busybox, sleep, '15'";
        agents.stop(order(image(), sleep, "60s", "H200"), order(image(), sleep, "60s", "RTX 3090"));
        agents.ranAgainAndWerePaidOnce();
    }

    /** The end of what is paid for, and every way into a job, by the command line and through all that lies between. */
    @Test
    @Order(6)
    void aJobIsPausedWhereItsMoneyEndsPaidForAgainAndEnteredByItsOwnerAlone() throws Exception {
        ApiClient api = new ApiClient(Services.api(network().layout()));
        LongJob job = LongJob.order(client(), api, image(), DATA);
        job.awaitLog("PAUSED: what is paid for is over");
        assertThat(job.seen().state()).isEqualTo("RUNNING");
        CommandLine.Call less = client().run("job", "top-up", job.id, "--cap", "0.005 ATH");
        assertThat(less.err()).contains("CAP_TOO_LOW");
        CommandLine.Call more = client().run("job", "top-up", job.id, "--cap", "0.6 ATH");
        assertThat(more.exit()).as(more.err()).isZero();
        job.awaitLog("RESUMED: more is paid for");
        job.echoes();

        DevWallet.number(DevWallets.PROVIDER).keep(DATA.resolve("stranger.key"));
        CommandLine stranger = new CommandLine(Services.api(network().layout()), DATA.resolve("stranger.key"), DATA);
        CommandLine.Call refused = stranger.run("job", "exec", job.id, "--", "/bin/busybox", "touch", "/tmp/enough");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.err()).contains("NOT_ALLOWED");
        entersAndSeesWhatItUses(job.id);
        CommandLine.Call ends = client().run("job", "exec", job.id, "--", "/bin/busybox", "touch", "/tmp/enough");
        assertThat(ends.exit()).as(ends.err()).isZero();

        CommandLine.Call waited = client().run("job", "wait", job.id, "--for", "ended", "--timeout", "120");
        assertThat(waited.exit()).as(waited.err()).isZero();
        assertThat(client().run("job", "logs", job.id).out()).endsWith("enough\n");
        assertThat(job.seen().spec().cap()).isEqualTo(Ath.parse("600000000000000000"));
    }

    @Test
    @Order(7)
    void anotherNodeTakesOverFromAKilledOneAndTheJobIsPaidOnce() throws Exception {
        SecondNode second = SecondNode.start(network());
        ApiClient there = new ApiClient(second.api());
        String shell = "/bin/busybox, sh, -c, ";
        String job = order(image(), shell + "'sleep 20; echo done > /out/done'", "90s");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> there.find("/v1/jobs/" + job, JobView.class)
                        .filter(seen -> seen.state().equals("RUNNING"))
                        .isPresent());
        assertThat(second.says(LEADS)).isFalse();
        CommandLine client = new CommandLine(second.api(), DevnetAccounts.clientKey(DATA), DATA);
        String machine = String.valueOf(
                there.get("/v1/jobs/" + job, JobView.class).tasks().getFirst().machine());
        CommandLine.Call why = client.run("job", "why", job, "--machine", machine);
        assertThat(why.exit()).as(why.err()).isZero();
        CommandLine.Call pools = client.run("stake", "pools");
        assertThat(pools.exit()).as(pools.err()).isZero();
        assertThat(pools.out()).contains("checker:0x");

        // It is started again and serves its agents, after the second has taken over.
        LAUNCHER.kill("node");
        await().atMost(Duration.ofMinutes(1)).until(() -> second.says(LEADS));
        CommandLine.Call waited = client.run("job", "wait", job, "--timeout", "240", "--json");
        assertThat(waited.exit()).as(waited.err()).isZero();
        JobView settled = Json.read(waited.out(), JobView.class);
        assertThat(settled.cost().isZero()).isFalse();
        Page<TimelineEntry> life =
                there.get("/v1/jobs/" + job + "/timeline?first=100", new TypeReference<Page<TimelineEntry>>() {});
        assertThat(life.items())
                .filteredOn(entry -> entry.event().equals("job.Settled"))
                .hasSize(1);
        CommandLine.Call audit = client.run("audit", "verify");
        assertThat(audit.exit()).as(audit.out() + audit.err()).isZero();
        assertThat(audit.out()).contains("MATCH").doesNotContain("MISMATCH");
        ApiClient killed = new ApiClient(Services.api(network().layout()));
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(EngineFailure.class)
                .until(() ->
                        killed.get("/v1/jobs/" + job, JobView.class).state().equals(settled.state()));
    }
}
