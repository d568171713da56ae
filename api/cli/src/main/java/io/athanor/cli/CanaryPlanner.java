package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.codec.Json;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.canary.RerunDraw;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt.Output;
import io.athanor.domain.job.SlaVerdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes an epoch's plan from a secret and templates; the same plan every time, so that a shopper that was interrupted goes on.
 * Wallets' keys follow from the secret and not from the plan's seed, which is published.
 */
final class CanaryPlanner {
    private static final String WORD = "{word}";
    private static final int WORD_CHARS = 16;
    private static final int RUNS = 2;

    private final byte[] secret;
    private final List<Template> templates;
    private final Path folder;
    private final @Nullable String image;

    /**
     * A job with a known answer. Every {@code {word}} in the command and in the outputs stands for one of this plan's own.
     *
     * @param job file with the specification, beside this one
     * @param fails whether it is to end by an exit code
     * @param outputs what the files of its result hold
     */
    record Template(String job, boolean fails, Map<String, String> outputs) {}

    private CanaryPlanner(byte[] secret, List<Template> templates, Path folder, @Nullable String image) {
        this.secret = secret;
        this.templates = templates;
        this.folder = folder;
        this.image = image;
    }

    /** @param image in place of the templates' */
    static CanaryPlanner of(Path templates, Path secret, @Nullable String image) throws IOException {
        List<Template> read = Json.read(Files.readString(templates), new TypeReference<List<Template>>() {});
        Path beside = templates.toAbsolutePath().getParent();
        return new CanaryPlanner(KeyFiles.read(secret), read, beside == null ? Path.of("") : beside, image);
    }

    /** Every known answer is asked for by {@value #RUNS} wallets: what one machine gives alone accuses nobody. */
    CanaryPlan plan(long epoch) throws IOException {
        List<Plant> plants = new ArrayList<>();
        for (int i = 0; i < RUNS * templates.size(); i++) {
            plants.add(plant(epoch, i, templates.get(i / RUNS)));
        }
        List<Wallet> spares = new ArrayList<>();
        for (int i = 0; i < 2 * RerunDraw.MOST; i++) {
            spares.add(Wallet.parse(key(epoch, plants.size() + i).address()));
        }
        return new CanaryPlan(epoch, derived("seed", epoch, 0), plants, spares);
    }

    /** The wallet that orders a plant, or of a number behind them a re-run. */
    Secp256k1.KeyPair key(long epoch, int plant) {
        return Secp256k1.keyPair(derived("key", epoch, plant).bytes());
    }

    /** The job's id, whose time is that of its order, as in everybody's. */
    JobId job(long epoch, int plant, Instant orderedAt) {
        ByteBuffer random = ByteBuffer.wrap(derived("job", epoch, plant).bytes());
        return new JobId(UuidText.v7(orderedAt.toEpochMilli(), random.getLong(), random.getLong()));
    }

    private Plant plant(long epoch, int number, Template template) throws IOException {
        String word = derived("word", epoch, number / RUNS).hex().substring(2, 2 + WORD_CHARS);
        SpecFile given = SpecFile.read(folder.resolve(template.job()), image);
        if (!given.files().isEmpty()) {
            throw new Failure(Failure.USAGE, template.job() + ": a canary has no input files");
        }
        Wallet client = Wallet.parse(key(epoch, number).address());
        Fact fact = template.fails() ? Fact.ENDED_BY_CLIENT : Fact.DELIVERED;
        Hash32 digest = template.fails() ? Hash32.ZERO : digest(template.outputs(), word);
        return new Plant(client, withWord(given.spec(), word), fact, digest);
    }

    private static JobSpec withWord(JobSpec spec, String word) {
        return new JobSpec(
                spec.name(),
                spec.image(),
                spec.command().stream().map(part -> part.replace(WORD, word)).toList(),
                spec.env(),
                spec.tasks(),
                spec.gpus(),
                spec.cpuMillis(),
                spec.memoryMib(),
                spec.maxDurationMillis(),
                spec.maxPrice(),
                spec.cap(),
                spec.inputs(),
                spec.network(),
                spec.regions());
    }

    private static Hash32 digest(Map<String, String> outputs, String word) {
        List<Output> files = outputs.entrySet().stream()
                .map(file -> output(file.getKey(), file.getValue().replace(WORD, word)))
                .toList();
        return SlaVerdict.resultDigest(files);
    }

    private static Output output(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new Output(path, Sha256.of(bytes), bytes.length);
    }

    private Hash32 derived(String what, long epoch, int number) {
        String name = "athanor.canary." + what + ".v1 " + epoch + " " + number + " ";
        return Hash32.keccak(name.getBytes(StandardCharsets.UTF_8), secret);
    }
}
