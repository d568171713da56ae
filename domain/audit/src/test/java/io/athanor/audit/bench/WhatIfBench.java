package io.athanor.audit.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.audit.ExportLine;
import io.athanor.audit.WhatIf;
import io.athanor.audit.WhatIfExport;
import io.athanor.audit.WhatIfReport;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Events a second of a what-if replay over a made history of ordered, run, judged and settled tasks.
 *
 * <p>Floor: reading the same events from their JSON once, in the same run: what any replay of an export pays before it does
 * anything. Arguments: epochs, tasks an epoch.
 */
public final class WhatIfBench {
    private static final int ROUNDS = 5;
    private static final double NANOS = 1e9;

    private final Samples samples = new Samples(3);
    private final ProtocolParameters parameters = SampleParameters.get();
    private final List<Event> events = new ArrayList<>();
    private final List<Wallet> clients = samples.wallets(200);

    public static void main(String[] arguments) throws IOException {
        int epochs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        int tasks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
        WhatIfBench bench = new WhatIfBench();
        bench.make(epochs, tasks);
        bench.run();
        bench.export();
    }

    private void make(int epochs, int tasks) {
        events.add(new ParametersActivated(1, parameters, 0, Samples.at(0)));
        long length = parameters.timing().epochMillis();
        for (long epoch = 0; epoch < epochs; epoch++) {
            events.add(new EpochOpened(
                    epoch,
                    Samples.at(epoch * length),
                    Samples.at((epoch + 1) * length),
                    epoch,
                    Hash32.ZERO,
                    List.of(),
                    Candidate.digest(List.of()),
                    Samples.at(epoch * length)));
            List<JobSettled> settled = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                settled.add(task(epoch, epoch * length));
            }
            events.add(new RewardsComputed(
                    epoch, 1, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, 0, Hash32.ZERO, Samples.at(epoch * length)));
            events.addAll(settled);
            events.add(new EpochClosed(epoch, ChainHead.GENESIS, Samples.at(epoch * length)));
        }
    }

    private JobSettled task(long epoch, long millis) {
        TaskId task = samples.task();
        Wallet client = samples.oneOf(clients);
        JobSpec spec = samples.spec();
        Lease lease = samples.lease(task.lease(1), spec);
        List<JobEvent> life = List.of(
                new JobSubmitted(task, client, spec, samples.authorization(client), Samples.at(millis)),
                new JobFunded(task, spec.capOfTask(), Samples.at(millis)),
                new JobAssigned(task, lease, Samples.at(millis)),
                new JobStarted(task, lease.id(), "c", Samples.at(millis)),
                new JobCompleted(
                        task, samples.receipt(lease.id(), Ending.COMPLETED, 5_000), Samples.at(millis + 5_000)));
        Job job = Job.empty();
        for (JobEvent event : life) {
            job = job.evolve(event);
        }
        RoundId round = new RoundId(epoch, RoundId.Kind.DELIVERY, 0, 0);
        var assessment = SlaVerdict.assess((Job.Ended) job, null, round, parameters);
        events.addAll(life);
        events.add(new SlaAssessed(task, assessment, Samples.at(millis + 6_000)));
        return new JobSettled(task, epoch, client, lease.provider(), assessment, Samples.at(millis + 7_000));
    }

    private record Stored(String name, String payload) {}

    private void run() {
        List<Stored> stored = events.stream()
                .map(event -> new Stored(EventCatalogue.nameOf(event.getClass()), Json.text(event)))
                .toList();
        double floor = Double.MAX_VALUE;
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (Stored event : stored) {
                EventCatalogue.read(event.name(), event.payload().getBytes(StandardCharsets.UTF_8));
            }
            floor = Math.min(floor, (System.nanoTime() - start) / NANOS);
            start = System.nanoTime();
            WhatIf whatIf = new WhatIf(parameters, 0, Long.MAX_VALUE - 1);
            events.forEach(whatIf::accept);
            WhatIfReport report = whatIf.report();
            best = Math.min(best, (System.nanoTime() - start) / NANOS);
            if (!report.recorded().equals(report.proposed())) {
                throw new IllegalStateException("the same parameters give something else");
            }
        }
        say(String.format(
                Locale.ROOT, "floor, %d events read from JSON: %,.0f a second", events.size(), events.size() / floor));
        say(String.format(
                Locale.ROOT,
                "what-if of %d events: %,.0f a second, %.1f times the floor's time",
                events.size(),
                events.size() / best,
                best / floor));
    }

    /** The same history from a file, as anybody replays it. */
    private void export() throws IOException {
        Path file = Files.createTempFile("what-if", ".jsonl");
        try {
            write(file);
            double best = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                new WhatIfExport(file).of(parameters, 0, Long.MAX_VALUE - 1);
                best = Math.min(best, (System.nanoTime() - start) / NANOS);
            }
            say(String.format(
                    Locale.ROOT,
                    "what-if of an export of %d events, %d bytes: %,.0f a second on %d processors",
                    events.size(),
                    Files.size(file),
                    events.size() / best,
                    Runtime.getRuntime().availableProcessors()));
        } finally {
            Files.delete(file);
        }
    }

    private void write(Path file) throws IOException {
        JsonNode metadata = Json.mapper().valueToTree(Map.of("actor", "bench", "commandId", UUID.randomUUID()));
        long index = 0;
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (Event event : events) {
                ExportLine line = new ExportLine(
                        Long.toString(++index),
                        UUID.randomUUID().toString(),
                        event.stream(),
                        index,
                        EventCatalogue.nameOf(event.getClass()),
                        1,
                        Json.mapper().valueToTree(event),
                        metadata,
                        event.at());
                out.write(line.text());
                out.write('\n');
            }
        }
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
