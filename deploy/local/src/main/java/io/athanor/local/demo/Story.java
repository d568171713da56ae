package io.athanor.local.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.domain.common.JobId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProofView;
import io.athanor.domain.view.TaskView;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.DevChain;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import io.athanor.local.devnet.DevnetAccounts;
import io.athanor.local.devnet.DevnetMachines;
import io.athanor.local.network.Network;
import io.athanor.local.network.Progress;
import io.athanor.local.network.Services;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Follows the sample job through a running network, from order to final settlement, and checks the end for itself: the
 * outputs against their digests, the proof by a call of the contract, and the history by the stand-alone auditor.
 */
public final class Story {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Network network;
    private final Progress progress;
    private final ApiClient api;
    private final DevWallet client = DevWallet.number(DevWallets.CLIENT);
    private final Path folder;

    /** @param folder where picture, outputs and export are put */
    public Story(Network network, Progress progress, Path folder) {
        this.network = network;
        this.progress = progress;
        this.folder = folder;
        this.api = new ApiClient(Services.api(network.layout()));
    }

    /** What was ordered. */
    public record Ordered(JobId job, String image) {}

    /** Tells it from order to end; the summary is what {@code demo --json} prints. */
    public Summary tell() {
        return finish(order());
    }

    /** Waits for machines and money, and orders the sample job. */
    public Ordered order() {
        String image = SampleImage.push(
                network.docker().host(),
                network.images().address(),
                network.layout().data());
        progress.say("image " + image);
        awaitMachines();
        awaitDeposit();
        DevChain.Contracts contracts = chain().contracts();
        SigningDomain domain = new SigningDomain(contracts.chainId(), contracts.log());
        JobId job = SampleJob.submit(signedIn(), client, domain, image);
        progress.say("job " + job + " submitted: " + SampleJob.TILES + " tiles");
        return new Ordered(job, image);
    }

    /** Follows a job to its end, also one that was ordered before a crash. */
    public Summary finish(Ordered ordered) {
        ApiClient signedIn = signedIn();
        JobView settled = follow(signedIn, ordered.job());
        List<Summary.Output> outputs = download(signedIn, settled);
        BatchView batch = awaitFinal(settled);
        DevChain chain = chain();
        boolean proven = settled.tasks().stream().allMatch(task -> proven(chain, task));
        progress.say(proven ? "the contract confirms every task's settlement" : "the contract does NOT confirm");
        Audit audit = Audit.of(signedIn, folder);
        progress.say("replay of " + audit.result().events() + " events: "
                + audit.result().verdict());
        return Summary.of(settled, ordered.image(), outputs, batch, proven, audit);
    }

    /** How many of a job's tasks are in a state now; none before the views have the job. */
    public long count(Ordered ordered, String state) {
        return signedIn().find("/v1/jobs/" + ordered.job(), JobView.class).stream()
                .flatMap(job -> job.tasks().stream())
                .filter(task -> task.state().equals(state))
                .count();
    }

    private ApiClient signedIn() {
        return client.signIn(api, chain().contracts().chainId());
    }

    private DevChain chain() {
        return new DevChain(network.chain().rpc(), network.layout().data().resolve("contracts.json"));
    }

    private void awaitMachines() {
        progress.say("waiting for the checkers to certify the machines");
        Page<MachineView> machines = await("the machines' certificates", () -> {
            Page<MachineView> page = api.get("/v1/machines?first=100", new TypeReference<>() {});
            long ready = page.items().stream()
                    .filter(m -> m.standing().equals("CERTIFIED") && m.online())
                    .count();
            return ready >= DevnetMachines.MACHINES ? Optional.of(page) : Optional.empty();
        });
        machines.items()
                .forEach(m -> progress.say("machine " + m.id() + " is certified: " + m.gpus() + " GPUs"
                        + (m.inventory().simulated() ? " (simulated)" : "")));
    }

    private void awaitDeposit() {
        AccountView account = await(
                "the client's deposit",
                () -> Optional.of(DevnetAccounts.account(api, client.wallet()))
                        .filter(a -> !a.available().isZero()));
        progress.say("client has " + account.available().display() + " from the vault");
    }

    private JobView follow(ApiClient signedIn, JobId job) {
        String[] shown = {""};
        return await("the job's settlement", () -> {
            // The view follows the command by some milliseconds.
            Optional<JobView> found = signedIn.find("/v1/jobs/" + job, JobView.class);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            JobView view = found.get();
            String states = states(view);
            if (!states.equals(shown[0])) {
                shown[0] = states;
                progress.say("tasks: " + states);
            }
            return view.tasks().stream().allMatch(t -> t.state().equals("SETTLED"))
                    ? Optional.of(view)
                    : Optional.empty();
        });
    }

    private static String states(JobView view) {
        Map<String, Long> counts = view.tasks().stream()
                .collect(Collectors.groupingBy(TaskView::state, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private List<Summary.Output> download(ApiClient signedIn, JobView job) {
        List<Summary.Output> outputs = new ArrayList<>();
        List<Tiles.Tile> tiles = new ArrayList<>();
        for (TaskView task : job.tasks()) {
            if (task.receipt() == null || task.receipt().outputs().isEmpty()) {
                throw new EngineFailure(
                        "Task " + task.id() + " left no output: " + task.ending() + " " + task.detail() + ".",
                        "Look at its log: GET /v1/jobs/" + job.id() + "/logs?task="
                                + task.id().index());
            }
            var output = task.receipt().outputs().getFirst();
            byte[] content = signedIn.bytes(
                    "/v1/jobs/" + job.id() + "/outputs/" + task.id().index() + "/" + output.path());
            if (!io.athanor.domain.common.Sha256.of(content).equals(output.sha256())) {
                throw new EngineFailure(
                        "Output " + output.path() + " does not hash to its receipt.", "Do not trust it.");
            }
            write(folder.resolve(output.path()), content);
            outputs.add(new Summary.Output(output.path(), output.sha256()));
            tiles.add(Tiles.Tile.parse(new String(content, StandardCharsets.UTF_8)));
        }
        Path picture = folder.resolve("picture.png");
        Tiles.join(tiles, SampleJob.COLUMNS, picture);
        progress.say(outputs.size() + " outputs downloaded and joined: " + picture);
        return outputs;
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new EngineFailure(file + " cannot be written: " + e.getMessage() + ".", "Make room for it.", e);
        }
    }

    /** Waits for every batch that holds one of the tasks; the last of them. */
    private BatchView awaitFinal(JobView job) {
        TreeSet<Long> seqs = new TreeSet<>();
        job.tasks().forEach(task -> seqs.add(proof(task).seq()));
        progress.say("in settlement batches " + seqs + "; waiting for the checkers' signatures and the chain");
        BatchView last = null;
        for (long seq : seqs) {
            last = await(
                    "the finality of batch " + seq,
                    () -> api.find("/v1/batches/" + seq, BatchView.class).filter(BatchView::finalised));
            progress.say("batch " + seq + " is final in block " + last.block());
        }
        return Objects.requireNonNull(last);
    }

    private ProofView proof(TaskView task) {
        return await("the proof of " + task.id(), () -> api.find("/v1/proofs/" + task.id(), ProofView.class));
    }

    /** Asks the contract whether the task's leaf is in its batch. */
    private boolean proven(DevChain chain, TaskView task) {
        ProofView proof =
                await("the proof of " + task.id(), () -> api.find("/v1/proofs/" + task.id(), ProofView.class));
        byte[] leaf = Hex.decode(proof.leaf());
        byte[] data = java.util.Arrays.copyOfRange(leaf, 1, leaf.length);
        byte[] call = DevChain.calldata(
                "verifyInclusion(uint64,uint32,uint8,bytes,bytes32[])",
                InclusionCall.encode(proof.seq(), proof.index(), leaf[0], data, proof.path()));
        byte[] answer = chain.call(chain.contracts().log(), call);
        return answer.length == Hash32.BYTES && answer[Hash32.BYTES - 1] == 1;
    }

    private static <T> T await(String what, Supplier<Optional<T>> look) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            Waiting.pause(POLL);
        }
        throw new EngineFailure(
                "Waited " + PATIENCE.toMinutes() + " minutes for " + what + " in vain.",
                "See the logs in the data folder's 'log'.");
    }
}
