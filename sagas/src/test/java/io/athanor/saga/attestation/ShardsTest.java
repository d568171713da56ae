package io.athanor.saga.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.saga.attestation.Shards.Shard;
import io.athanor.saga.sim.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardsTest {
    private static final List<Candidate> CANDIDATES = IntStream.range(0, 7)
            .mapToObj(i -> new Candidate(
                    Samples.wallet(100 + i), Samples.wallet(200 + i), "group-" + i, "net", Ath.ofWhole(1)))
            .toList();

    private static List<Candidate> judges(Set<String> excluded) {
        return CANDIDATES.stream()
                .filter(c -> !excluded.contains(c.ownerGroup()))
                .toList();
    }

    private static List<Subject> machines(int from, int count) {
        return IntStream.range(from, from + count)
                .<Subject>mapToObj(i -> new MachineSubject(Samples.machine(i), Samples.wallet(i), "0x"))
                .toList();
    }

    private static List<Shard> shards(List<Subject> subjects, Function<Subject, String> owner) {
        return Shards.of(subjects, owner, ShardsTest::judges);
    }

    @Test
    void ownersWithoutACheckerShareARound() {
        List<Shard> shards = shards(machines(0, 100), s -> "owner of " + s.key());
        assertThat(shards).hasSize(1);
        assertThat(shards.getFirst().owners()).hasSize(100);
    }

    @Test
    void anOwnerWithACheckerIsNotPutWithOthers() {
        List<Subject> subjects = machines(0, 14);
        List<Shard> shards = shards(subjects, s -> "group-" + subjects.indexOf(s) % 7);
        assertThat(shards)
                .hasSize(7)
                .allSatisfy(shard -> assertThat(shard.owners()).hasSize(1));
    }

    @Test
    void noRoundIsTooLarge() {
        List<Shard> shards = shards(machines(0, 300), s -> "one");
        assertThat(shards).extracting(shard -> shard.subjects().size()).containsExactly(128, 128, 44);
        assertThat(shards.getFirst().subjects()).hasSize(Limits.SHARD_SUBJECTS);
    }

    @Test
    void theOrderInWhichTheyComeIsNothing() {
        List<Subject> subjects = new ArrayList<>(machines(0, 200));
        List<Shard> sorted =
                shards(subjects, s -> "owner of " + s.key().charAt(s.key().length() - 1));
        Collections.shuffle(subjects, new Random(5));
        assertThat(shards(subjects, s -> "owner of " + s.key().charAt(s.key().length() - 1)))
                .isEqualTo(sorted);
    }
}
