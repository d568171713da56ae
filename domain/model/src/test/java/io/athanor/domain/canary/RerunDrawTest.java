package io.athanor.domain.canary;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.canary.CanaryOpening.Window;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which of an epoch's deliveries run again. */
class RerunDrawTest {
    private static final int MANY = 10_000;

    private final Samples samples = new Samples(80);
    private final Wallet client = samples.wallet();
    private final JobSpec spec = anyone(Map.of(), JobSpec.Network.NONE, 1);
    private final Vetting vetting = vetting(20_000, 4);
    private final Window window = new Window(at(0), at(10_000), samples.hash());
    private final CanaryPlan plan = new CanaryPlan(
            6, samples.hash(), List.of(new Plant(samples.wallet(), spec, Fact.DELIVERED, samples.hash())), List.of());

    private JobSpec anyone(Map<String, JobSpec.Input> inputs, JobSpec.Network network, int tasks) {
        return of("ab", inputs, network, tasks);
    }

    private JobSpec of(String image, Map<String, JobSpec.Input> inputs, JobSpec.Network network, int tasks) {
        JobSpec s = samples.spec();
        return new JobSpec(
                s.name(),
                "host/render@sha256:" + image.repeat(32),
                s.command(),
                s.env(),
                tasks,
                s.gpus(),
                s.cpuMillis(),
                s.memoryMib(),
                s.maxDurationMillis(),
                s.maxPrice(),
                s.cap(),
                inputs,
                network,
                s.regions());
    }

    private static Vetting vetting(long ppm, int most) {
        return new Vetting(List.of(Sha256.parse("sha256:" + "ab".repeat(32))), 1, ppm, most);
    }

    private CanaryTask task(JobSpec of, Wallet by, Ending ending, Instant endedAt) {
        TaskId id = samples.task();
        JobSubmitted submitted = new JobSubmitted(id, by, of, samples.authorization(by), at(0));
        return new CanaryTask(submitted, null, samples.receipt(new LeaseId(id, 1), ending, 1_000), endedAt, null);
    }

    private CanaryTask delivered() {
        return task(spec, client, Ending.COMPLETED, at(5_000));
    }

    private List<CanaryTask> drawn(long ppm, CanaryTask... tasks) {
        return RerunDraw.sample(plan, window, List.of(tasks), vetting(ppm, 4));
    }

    /** 20,000 ppm of 10,000 are 200 by expectation, with a standard deviation of 14. */
    @Test
    void aFiftiethIsDrawnWhateverTheOrderInWhichTheyCome() {
        int found = 0;
        List<CanaryTask> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            CanaryTask one = delivered();
            all.add(one);
            found += drawn(20_000, one).size();
        }
        assertThat(found).isBetween(140, 260);
        List<CanaryTask> four = RerunDraw.sample(plan, window, all, vetting);
        assertThat(four).hasSize(4);
        Collections.shuffle(all, new Random(5));
        assertThat(RerunDraw.sample(plan, window, all, vetting)).isEqualTo(four);
        CanaryPlan another = new CanaryPlan(6, samples.hash(), plan.plants(), List.of());
        assertThat(RerunDraw.sample(another, window, all, vetting)).isNotEqualTo(four);
        Window later = new Window(window.startsAt(), window.endsAt(), Hash32.ZERO);
        assertThat(RerunDraw.sample(plan, later, all, vetting)).isNotEqualTo(four);
    }

    @Test
    void drawnIsWhatAnybodyMayRunAgain() {
        assertThat(drawn(1_000_000, delivered())).hasSize(1);
        assertThat(drawn(0, delivered())).isEmpty();
        JobSpec files = anyone(Map.of("in", new JobSpec.Input(samples.sha256(), 1)), JobSpec.Network.NONE, 1);
        JobSpec online = anyone(Map.of(), JobSpec.Network.EGRESS, 1);
        JobSpec array = anyone(Map.of(), JobSpec.Network.NONE, 2);
        JobSpec image = of("cd", Map.of(), JobSpec.Network.NONE, 1);
        for (JobSpec other : List.of(files, online, array, image)) {
            assertThat(drawn(1_000_000, task(other, client, Ending.COMPLETED, at(5_000))))
                    .isEmpty();
        }
    }

    @Test
    void drawnIsWhatWasDeliveredInTheEpochToSomebodyElse() {
        assertThat(drawn(1_000_000, task(spec, client, Ending.EXIT_CODE, at(5_000))))
                .isEmpty();
        assertThat(drawn(1_000_000, task(spec, client, Ending.COMPLETED, at(-1))))
                .isEmpty();
        assertThat(drawn(1_000_000, task(spec, client, Ending.COMPLETED, at(10_000))))
                .isEmpty();
        assertThat(drawn(1_000_000, task(spec, client, Ending.COMPLETED, at(9_999))))
                .hasSize(1);
        Wallet planned = plan.plants().getFirst().client();
        assertThat(drawn(1_000_000, task(spec, planned, Ending.COMPLETED, at(5_000))))
                .isEmpty();
    }
}
