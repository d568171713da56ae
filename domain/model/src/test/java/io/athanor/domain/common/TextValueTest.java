package io.athanor.domain.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Cases;
import io.athanor.domain.testing.Samples;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TextValueTest {
    private static <T extends TextValue> void readsBack(T value, Function<String, T> parse) {
        assertThat(parse.apply(value.toString())).isEqualTo(value).hasToString(value.toString());
    }

    private static void refused(Function<String, ?> parse, String text) {
        assertThatThrownBy(() -> parse.apply(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyIdReadsBackItsText() {
        Cases.forAll(500, samples -> {
            TaskId task = samples.job().task(samples.between(0, Limits.ARRAY_TASKS - 1));
            readsBack(task.job(), JobId::parse);
            readsBack(task, TaskId::parse);
            readsBack(task.lease(samples.between(1, 100)), LeaseId::parse);
            readsBack(samples.machine(), MachineId::parse);
            readsBack(new CommandId(samples.uuid()), CommandId::parse);
            readsBack(samples.wallet(), Wallet::parse);
            readsBack(PoolId.ofChecker(samples.wallet()), PoolId::parse);
            readsBack(PoolId.ofProvider(samples.wallet()), PoolId::parse);
            readsBack(new CaseId(samples.uuid()), CaseId::parse);
            readsBack(samples.sha256(), Sha256::parse);
            readsBack(samples.hash(), Hash32::parse);
            readsBack(StreamId.of(StreamId.JOB, task), StreamId::parse);
            readsBack(new Region("eu-west"), Region::parse);
            readsBack(round(samples), RoundId::parse);
        });
    }

    @Test
    void idsOfUuidsAreOrderedAsTheirTexts() {
        Cases.forAll(2_000, samples -> {
            JobId one = samples.job();
            JobId other = new JobId(new UUID(
                    samples.uuid().getLeastSignificantBits(),
                    samples.job().value().getMostSignificantBits()));
            assertThat(Integer.signum(one.compareTo(other)))
                    .isEqualTo(Integer.signum(one.toString().compareTo(other.toString())));
            assertThat(one.compareTo(JobId.parse(one.toString()))).isZero();
            UUID near =
                    new UUID(one.value().getMostSignificantBits(), ~one.value().getLeastSignificantBits());
            assertThat(Integer.signum(one.compareTo(new JobId(near))))
                    .isEqualTo(Integer.signum(one.toString().compareTo(near.toString())));
        });
    }

    private static RoundId round(Samples samples) {
        RoundId.Kind kind = samples.oneOf(List.of(RoundId.Kind.values()));
        return new RoundId(samples.between(0, 1_000_000), kind, samples.between(0, 800), samples.between(0, 1));
    }

    @Test
    void aPoolReadsBackItsWordOnChain() {
        Cases.forAll(200, samples -> {
            PoolId pool = samples.chance(50) ? PoolId.ofChecker(samples.wallet()) : PoolId.ofProvider(samples.wallet());
            assertThat(PoolId.ofWord(pool.word())).isEqualTo(pool);
        });
        assertThatThrownBy(() -> PoolId.ofWord(Hash32.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PoolId.ofWord(new Samples(1).hash())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherSpellingIsRefused() {
        Samples samples = new Samples(20);
        String job = samples.job().toString();
        refused(JobId::parse, job.toUpperCase(Locale.ROOT));
        refused(JobId::parse, job.substring(1));
        refused(TaskId::parse, job);
        refused(TaskId::parse, job + "." + Limits.ARRAY_TASKS);
        refused(TaskId::parse, job + ".-1");
        refused(LeaseId::parse, job + ".0.0");
        refused(RoundId::parse, "1.liveness.0");
        refused(RoundId::parse, "1.liveness.0.2");
        refused(RoundId::parse, "1.party.0.0");
        refused(Sha256::parse, "sha256:" + "AB".repeat(32));
        refused(Region::parse, "EU");
        refused(StreamId::parse, "job");
        refused(PoolId::parse, "bank:" + samples.wallet());
        String wallet = samples.wallet().toString();
        refused(Wallet::new, wallet.toLowerCase(Locale.ROOT));
    }

    @Test
    void aUuidOfVersionSevenCarriesItsTime() {
        var id = UuidText.v7(1_767_225_600_123L, -1, -1);
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(1_767_225_600_123L);
    }
}
