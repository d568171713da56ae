package io.athanor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Waiting hears of changes, and says so where it cannot. */
class JobWaitTest extends CommandLineTest {
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
