package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting hears of changes, and says so where it cannot. */
class JobWaitTest {
    private static final Secp256k1.KeyPair KEY = Secp256k1.generate(new SecureRandom());

    @TempDir
    private Path folder = Path.of(".");

    private final TestNode node = new TestNode();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeKey() throws IOException {
        KeyFiles.write(folder.resolve("wallet.key"), KEY.privateKey());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private int run(String... args) {
        String key = folder.resolve("wallet.key").toString();
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--server", node.url(), "--key-file", key));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    @Test
    void waitingLooksWhenSomethingIsHeard() {
        JobId id = new JobId(Session.uuid());
        AtomicInteger asked = new AtomicInteger();
        node.answer(
                        "GET /v1/jobs/" + id,
                        request -> asked.incrementAndGet() < 2
                                ? MainTest.two(id, "RUNNING", null)
                                : MainTest.two(id, "COMPLETED", "COMPLETED"))
                .answer("GET /v1/jobs/" + id + "/events", request -> {
                    Refused.unless(
                            request.bearer().equals("Bearer token-of-" + KEY.address()),
                            Reason.NOT_SIGNED_IN,
                            "no token");
                    assertThat(request.query()).isEqualTo("after=0");
                    return "event: change\nid: 900\ndata: {}\n\nevent: end\ndata: {}\n\n";
                });
        assertThat(run("job", "wait", id.toString(), "--for", "ended"))
                .as(err.toString())
                .isZero();
        assertThat(asked.get()).isEqualTo(2);
        assertThat(err.toString()).contains("COMPLETED=2").doesNotContain("no live changes");
    }

    @Test
    void waitingWithoutLiveChangesSaysSoAndAsks() {
        JobId id = new JobId(Session.uuid());
        AtomicInteger asked = new AtomicInteger();
        node.answer(
                        "GET /v1/jobs/" + id,
                        request -> asked.incrementAndGet() < 3
                                ? MainTest.two(id, "RUNNING", null)
                                : MainTest.two(id, "COMPLETED", "COMPLETED"))
                .answer("GET /v1/jobs/" + id + "/events", request -> {
                    throw new Refused(Reason.LIMIT_REACHED, "an account has at most 16 streams open");
                });
        assertThat(run("job", "wait", id.toString(), "--for", "ended"))
                .as(err.toString())
                .isZero();
        assertThat(err.toString())
                .contains("no live changes (LIMIT_REACHED: an account has at most 16 streams open)")
                .contains("COMPLETED=2");
    }
}
