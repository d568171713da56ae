package io.athanor.apitest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.api.command.CancelJob;
import io.athanor.api.command.SubmitJob;
import io.athanor.apitest.EventReader.Got;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.JobCommand;
import io.athanor.domain.job.JobCommand.AssessJob;
import io.athanor.domain.job.JobCommand.SettleJob;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.view.TimelineEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job's changes as they come, over real connections. */
@Tag("postgres")
class JobEventsTest {
    private static final Duration ROOM = Duration.ofSeconds(60);
    private static final int PER_ACCOUNT = 16;

    private final Secp256k1.KeyPair client = Samples.funded(20);
    private final String token = Samples.signIn(client);

    private JobId submit(int tasks) {
        SubmitJob order = Samples.submit(client, Samples.spec(tasks));
        assertThat(Client.post("/v1/jobs", order).status()).isEqualTo(202);
        return order.jobId();
    }

    /** All that is left of a job's life: cancelled by its client, judged, settled. */
    private void finish(JobId job, int tasks) {
        CancelJob cancel = Samples.cancel(client, job);
        assertThat(Client.post("/v1/jobs/" + job + "/cancel", cancel).status()).isEqualTo(202);
        for (int i = 0; i < tasks; i++) {
            TaskId task = job.task(i);
            Ath whole = JobCommand.holdOf(Samples.spec(tasks));
            Assessment free = new Assessment(
                    Assessment.Outcome.NOT_DELIVERED,
                    null,
                    0,
                    Ath.ZERO,
                    Ath.ZERO,
                    Ath.ZERO,
                    whole,
                    Hash32.ZERO,
                    1,
                    false);
            send(new AssessJob(task, free, Instant.now()));
            send(new SettleJob(task, 1, Instant.now()));
        }
    }

    private static void send(Command command) {
        ApiNode.NETWORK.send(Order.inside("saga:test", null, List.of(command))).join();
    }

    private EventReader follow(JobId job, long after) {
        Map<String, String> headers = new HashMap<>(Client.bearer(token));
        if (after > 0) {
            headers.put("Last-Event-ID", Long.toString(after));
        }
        EventReader reader = EventReader.get("/v1/jobs/" + job + "/events", headers);
        assertThat(reader.status()).isEqualTo(200);
        return reader;
    }

    private static List<Long> timeline(JobId job) {
        return ApiNode.NETWORK.timeline(job).stream().map(TimelineEntry::index).toList();
    }

    @Test
    void changesComeInTheirOrderAndTheStreamEndsWithItsJob() {
        JobId job = submit(3);
        List<Got> got = new ArrayList<>();
        try (EventReader reader = follow(job, 0)) {
            got.add(reader.next().orElseThrow());
            finish(job, 3);
            got.addAll(reader.rest());
        }
        Got end = got.removeLast();
        assertThat(end.name()).isEqualTo("end");
        assertThat(end.data().path("state").asText()).isEqualTo("SETTLED");
        assertThat(got).allSatisfy(change -> assertThat(change.name()).isEqualTo("change"));
        assertThat(got.stream().map(Got::index)).containsExactlyElementsOf(timeline(job));
        assertThat(got.getFirst().data().path("event").asText()).isEqualTo("job.Submitted");
        assertThat(got.getLast().data().path("event").asText()).isEqualTo("job.Settled");
        try (EventReader late = follow(job, got.getLast().index())) {
            assertThat(late.rest()).extracting(Got::name).containsExactly("end");
        }
    }

    /** A connection that breaks after every change loses none and repeats none, while the job goes on. */
    @Test
    void whoConnectsAgainGoesOnWhereItStopped() {
        int tasks = 6;
        JobId job = submit(tasks);
        Thread life = Thread.startVirtualThread(() -> finish(job, tasks));
        List<Long> got = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            try (EventReader reader = follow(job, got.isEmpty() ? 0 : got.getLast())) {
                Optional<Got> next = reader.next();
                ended = next.isPresent() && next.get().name().equals("end");
                next.filter(change -> change.name().equals("change")).ifPresent(change -> got.add(change.index()));
            }
        }
        await().atMost(ROOM).until(() -> !life.isAlive());
        assertThat(got).containsExactlyElementsOf(timeline(job));
        assertThat(got).hasSizeGreaterThan(4 * tasks);
    }

    @Test
    void strangersAreRefusedAndTheClientIsNot() {
        JobId job = submit(1);
        String path = "/v1/jobs/" + job + "/events";
        assertThat(Client.get(path).code()).isEqualTo("NOT_SIGNED_IN");
        String stranger = Samples.signIn(Samples.key());
        assertThat(Client.send("GET", path, new byte[0], Client.bearer(stranger))
                        .code())
                .isEqualTo("NOT_ALLOWED");
        String key = apiKey("BLOBS_WRITE");
        assertThat(Client.send("GET", path, new byte[0], Client.bearer(key)).code())
                .isEqualTo("NOT_ALLOWED");
        Map<String, String> wrong = new HashMap<>(Client.bearer(token));
        wrong.put("Last-Event-ID", "first");
        assertThat(Client.send("GET", path, new byte[0], wrong).code()).isEqualTo("MALFORMED");
        finish(job, 1);
        try (EventReader reader = EventReader.get(path, Client.bearer(apiKey("JOBS_READ")))) {
            assertThat(reader.rest()).extracting(Got::name).last().isEqualTo("end");
        }
        try (EventReader reader = follow(job, 0)) {
            assertThat(reader.rest()).hasSize(timeline(job).size() + 1);
        }
    }

    private String apiKey(String scope) {
        Client.Answer made = Client.send(
                "POST",
                "/v1/auth/api-keys",
                Json.bytes(Map.of("name", "ci", "scopes", List.of(scope), "expiresAt", "2027-01-01T00:00:00.000Z")),
                Client.bearer(token));
        return made.json().path("key").asText();
    }

    @Test
    void anAccountHasSoManyStreamsAndTheNodeOneListener() {
        JobId job = submit(1);
        List<EventReader> open =
                IntStream.range(0, PER_ACCOUNT).mapToObj(i -> follow(job, 0)).toList();
        open.forEach(reader -> assertThat(reader.next()).isPresent());
        assertThat(ApiNode.CHANGES.listeners).hasSize(1);
        String path = "/v1/jobs/" + job + "/events";
        assertThat(Client.send("GET", path, new byte[0], Client.bearer(token)).code())
                .isEqualTo("LIMIT_REACHED");
        finish(job, 1);
        open.forEach(
                reader -> assertThat(reader.rest()).extracting(Got::name).last().isEqualTo("end"));
        await().atMost(ROOM).until(() -> ApiNode.CHANGES.listeners.isEmpty());
        try (EventReader reader = follow(job, 0)) {
            assertThat(reader.rest()).hasSize(timeline(job).size() + 1);
        }
    }

    /**
     * Who does not read is cut off with the reason, once more is waiting than a reader may leave; others are not. The flood
     * waits for the reader that reads, so that a slow machine does not make it one that does not.
     */
    @Test
    void aReaderThatDoesNotReadIsCutOff() throws IOException {
        JobId job = submit(1);
        await().atMost(ROOM).until(() -> ApiNode.CHANGES.listeners.isEmpty());
        int count = 20_000;
        AtomicLong read = new AtomicLong();
        try (Socket slow = new Socket();
                EventReader quick = follow(job, 0)) {
            Thread reads = Thread.startVirtualThread(() -> {
                for (int i = 0; i < count; i++) {
                    quick.next().ifPresent(change -> read.set(change.index()));
                }
            });
            BufferedReader lines = ask(slow, job);
            await().atMost(ROOM).until(lines::ready);
            long first = ApiNode.NETWORK.head() + 1;
            int step = 500;
            for (int i = 0; i < count; i += step) {
                flood(job, first + i, step);
                long last = first + i + step - 1 - timeline(job).size();
                await().atMost(ROOM).pollInterval(Duration.ofMillis(5)).until(() -> read.get() >= last);
            }
            List<String> got = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                got.add(line);
                if (line.startsWith("event: cut")) {
                    got.add(lines.readLine());
                    break;
                }
            }
            assertThat(got.getLast()).contains("\"code\":\"LIMIT_REACHED\"").contains("Last-Event-ID");
            List<Long> ids = got.stream()
                    .filter(line -> line.startsWith("id: "))
                    .map(line -> Long.parseLong(line.substring(4)))
                    .filter(id -> id >= first)
                    .toList();
            assertThat(ids).hasSizeLessThan(count);
            assertThat(ids)
                    .containsExactlyElementsOf(
                            LongStream.range(first, first + ids.size()).boxed().toList());
            await().atMost(ROOM).until(() -> !reads.isAlive());
        }
        await().atMost(ROOM).until(() -> ApiNode.CHANGES.listeners.isEmpty());
    }

    private BufferedReader ask(Socket socket, JobId job) throws IOException {
        URI at = URI.create(ApiNode.url());
        socket.setReceiveBufferSize(8_192);
        socket.connect(new InetSocketAddress(at.getHost(), at.getPort()));
        socket.getOutputStream()
                .write(("GET /v1/jobs/" + job + "/events HTTP/1.1\r\nHost: " + at.getAuthority()
                                + "\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void flood(JobId job, long first, int count) {
        String words = "x".repeat(1_000);
        List<TimelineEntry> entries = LongStream.range(first, first + count)
                .mapToObj(index -> new TimelineEntry(index, job.task(0), "job.Started", "test", words, Instant.EPOCH))
                .toList();
        ApiNode.CHANGES.listeners.getFirst().told(entries, ApiNode.NETWORK.head());
    }

    @Test
    void graphQlSubscribesToTheSame() {
        JobId job = submit(2);
        String ask = "subscription($job: ID!, $after: Long) { jobChanges(job: $job, after: $after) { index event } }";
        List<Long> got = new ArrayList<>();
        try (EventReader reader = EventReader.graphQl(ask, Map.of("job", job.toString()), token)) {
            Got first = reader.next().orElseThrow();
            finish(job, 2);
            List<Got> rest = reader.rest();
            assertThat(rest.removeLast().name()).isEqualTo("complete");
            rest.addFirst(first);
            rest.forEach(next -> got.add(
                    next.data().path("data").path("jobChanges").path("index").asLong()));
        }
        assertThat(got).containsExactlyElementsOf(timeline(job));
        Map<String, Object> behind = Map.of("job", job.toString(), "after", got.get(1));
        try (EventReader reader = EventReader.graphQl(ask, behind, token)) {
            assertThat(reader.rest()).hasSize(got.size() - 2 + 1);
        }
        String stranger = Samples.signIn(Samples.key());
        try (EventReader reader = EventReader.graphQl(ask, behind, stranger)) {
            Got refused = reader.next().orElseThrow();
            assertThat(refused.data()
                            .path("errors")
                            .path(0)
                            .path("extensions")
                            .path("code")
                            .asText())
                    .isEqualTo("NOT_ALLOWED");
        }
        await().atMost(ROOM).until(() -> ApiNode.CHANGES.listeners.isEmpty());
    }
}
