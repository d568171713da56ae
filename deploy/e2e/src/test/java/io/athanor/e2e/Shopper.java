package io.athanor.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.audit.ExportLine;
import io.athanor.codec.Json;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.Page;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevChain;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.devnet.DevnetAccounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** The mystery shopper as an operator runs it, and a client beside it that orders the same kind of job. */
final class Shopper {
    private static final String JOB = """
            name: tile
            image: %s
            command: [/bin/busybox, sh, -c, '%s']
            gpus: {allowSimulated: true}
            maxDuration: 20s
            maxPrice: 0.002 ATH
            cap: 1 ATH
            """;
    private static final String WORD = "{word}";
    /** What ends within a millisecond costs nothing, and is nothing to pay back. */
    private static final String RESULT = "sleep 1; echo {word} > /out/result";

    private static final String FAILURE = "sleep 1; echo {word}; exit 3";
    private static final Ath DEPOSIT = Ath.ofWhole(2);
    /** Time to make the plan, and for the deposits to be final. */
    private static final int EPOCHS_AHEAD = 6;

    private final CommandLine operator;
    private final ApiClient api;
    private final DevChain chain;
    private final Path folder;
    private final String image;
    private final CompletableFuture<CommandLine.Call> run;
    private final CanaryPlan plan;
    private final Wallet client;
    private String clientsJob = "";

    Shopper(CommandLine operator, ApiClient api, DevChain chain, Path data, String image)
            throws IOException, InterruptedException {
        this.operator = operator;
        this.api = api;
        this.chain = chain;
        this.folder = Files.createTempDirectory(data, "shopper");
        this.image = image;
        Path templates = templates();
        Path secret = folder.resolve("shopper.secret");
        assertExit(operator.run("account", "new", secret.toString()));
        long newest = api.get("/v1/epochs?first=1", new TypeReference<Page<EpochView>>() {})
                .items()
                .getFirst()
                .epoch();
        String[] given = {
            templates.toString(),
            "--secret",
            secret.toString(),
            "--epoch",
            Long.toString(newest + EPOCHS_AHEAD),
            "--json"
        };
        plan = Json.read(assertExit(operator.run(with(given, "canary", "plan"))).out(), CanaryPlan.class);
        CommandLine.Call made =
                assertExit(operator.run("account", "new", clientKey().toString(), "--json"));
        client = Wallet.parse(made.json().path("wallet").asText());
        deposits();
        run = CompletableFuture.supplyAsync(() -> call(with(given, "canary", "run")));
    }

    private Path clientKey() {
        return folder.resolve("beside-the-shopper.key");
    }

    private Path templates() throws IOException {
        Files.writeString(folder.resolve("canary-result.yaml"), JOB.formatted(image, RESULT));
        Files.writeString(folder.resolve("canary-failure.yaml"), JOB.formatted(image, FAILURE));
        return Files.writeString(folder.resolve("canaries.json"), """
                [{"job": "canary-result.yaml", "fails": false, "outputs": {"result": "{word}\\n"}},
                 {"job": "canary-failure.yaml", "fails": true, "outputs": {}}]
                """);
    }

    private static String[] with(String[] given, String... first) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(given));
        return all.toArray(String[]::new);
    }

    /** From the same wallet, as from an exchange. */
    private void deposits() {
        Wallet from = DevWallet.number(DevWallets.CLIENT).wallet();
        List<Wallet> to =
                new ArrayList<>(plan.plants().stream().map(Plant::client).toList());
        to.add(client);
        chain.fund(from, DEPOSIT.times(to.size()));
        to.forEach(wallet -> chain.deposit(from, wallet, DEPOSIT));
        chain.settle();
    }

    private CommandLine.Call call(String... arguments) {
        try {
            return operator.run(arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static CommandLine.Call assertExit(CommandLine.Call call) {
        if (call.exit() != 0) {
            throw new AssertionError("exit " + call.exit() + ": " + call.err());
        }
        return call;
    }

    /** A client's own job of the same kind, ordered by a fresh wallet. */
    void clientOrdersTheSame() throws IOException, InterruptedException {
        String word = plan.plants().getFirst().spec().command().getLast().replaceAll(".*echo (\\w+).*", "$1");
        String other = new StringBuilder(word).reverse().toString();
        Path spec = Files.writeString(
                folder.resolve("client-result.yaml"), JOB.formatted(image, RESULT.replace(WORD, other)));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> DevnetAccounts.account(api, client).available().equals(DEPOSIT));
        clientsJob = assertExit(customer().run("job", "submit", spec.toString(), "--json"))
                .json()
                .path("jobId")
                .asText();
    }

    void clientsJobIsSettled() throws IOException, InterruptedException {
        assertExit(customer().run("job", "wait", clientsJob, "--timeout", "240", "--json"));
    }

    private CommandLine customer() {
        return new CommandLine(api.base(), clientKey(), folder);
    }

    /** The opened plan, once the shopper has done. */
    CanaryView opened() {
        assertExit(run.join());
        return api.get("/v1/canaries/" + plan.epoch(), CanaryView.class);
    }

    Wallet canary() {
        return plan.plants().getFirst().client();
    }

    Wallet client() {
        return client;
    }

    /**
     * What the public history says of a wallet and its job before anything is opened: each event's name, fields and, where no
     * amount or number of a block is in it, its size.
     */
    List<String> publicTrace(Wallet wallet) {
        List<String> trace = new ArrayList<>();
        String job = "";
        for (ExportLine line : history()) {
            boolean account = line.stream().id().equals(wallet.toString());
            boolean submitted = line.name().equals("job.Submitted")
                    && line.payload().path("client").asText().equals(wallet.toString());
            if (submitted) {
                job = line.stream().toString();
            }
            if (account
                    || submitted
                    || line.stream().toString().equals(job) && line.name().equals("job.Funded")) {
                trace.add(line.name() + " " + fields(line.payload()) + " " + fields(line.metadata()) + " "
                        + (submitted ? line.payload().toString().length() : ""));
            }
        }
        return trace;
    }

    private List<ExportLine> history() {
        List<ExportLine> lines = new ArrayList<>();
        long read = -1;
        long after = 0;
        while (after > read) {
            read = after;
            String page = new String(api.bytes("/v1/audit/export?after=" + after), StandardCharsets.UTF_8);
            for (String text : page.lines().toList()) {
                ExportLine line = ExportLine.parse(text);
                after = line.number();
                lines.add(line);
            }
        }
        return lines;
    }

    private static SortedSet<String> fields(JsonNode node) {
        SortedSet<String> names = new TreeSet<>();
        node.properties().forEach(field -> {
            names.add(field.getKey());
            fields(field.getValue()).forEach(inner -> names.add(field.getKey() + "/" + inner));
        });
        return names;
    }
}
