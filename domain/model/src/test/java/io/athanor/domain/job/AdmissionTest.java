package io.athanor.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Region;
import io.athanor.domain.job.JobSpec.Input;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final ProtocolParameters PARAMETERS = SampleParameters.get();
    private static final String DIGEST = "@sha256:" + "ab".repeat(32);
    private static final Input INPUT = new Input(new Samples(1).sha256(), 10);

    private static void admitted(SampleSpec spec) {
        assertThatCode(() -> Admission.require(spec.build(), PARAMETERS)).doesNotThrowAnyException();
    }

    private static void refused(SampleSpec spec, Reason reason, String detail) {
        assertThatThrownBy(() -> Admission.require(spec.build(), PARAMETERS))
                .isInstanceOfSatisfying(
                        Refused.class, r -> assertThat(r.reason()).isEqualTo(reason))
                .hasMessageContaining(detail);
    }

    private static void invalid(SampleSpec spec, String field) {
        refused(spec, Reason.INVALID_SPEC, field);
    }

    private static SampleSpec spec() {
        return new SampleSpec();
    }

    @Test
    void theSampleIsAdmitted() {
        admitted(spec());
    }

    @Test
    void aNameHasBounds() {
        invalid(spec().name(" "), "name");
        invalid(spec().name("x".repeat(Limits.NAME_CHARS + 1)), "name");
        admitted(spec().name("x".repeat(Limits.NAME_CHARS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8486/render", "registry.example/a/b-c_d/e.f", "docker.io/library/busybox:1.36"})
    void anImageByDigestIsAdmitted(String name) {
        admitted(spec().image(name + DIGEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example/render:latest",
                "registry.example/render",
                "render@sha256:abc",
                "registry.example/Render@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "registry.example/render@sha256:ABCD000000000000000000000000000000000000000000000000000000000000",
                "registry.example/../render@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                ""
            })
    void anImageNotByDigestIsRefused(String image) {
        refused(spec().image(image), Reason.IMAGE_NOT_BY_DIGEST, "image");
    }

    @Test
    void theCommandHasBounds() {
        invalid(spec().command(Collections.nCopies(Limits.COMMAND_ARGS + 1, "x")), "command");
        admitted(spec().command(Collections.nCopies(Limits.COMMAND_ARGS, "x")));
        invalid(spec().command(Collections.nCopies(1, "x".repeat(Limits.COMMAND_ARG_CHARS + 1))), "command[0]");
        invalid(spec().command(Collections.nCopies(1, "a\0b")), "command[0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1A", "A-B", "", "A=B", "ATHANOR_TASK_INDEX"})
    void aBadVariableIsRefused(String name) {
        invalid(spec().env(Map.of(name, "x")), "env");
    }

    @Test
    void variablesHaveBounds() {
        admitted(spec().env(Map.of("_A1", "x".repeat(Limits.ENV_VALUE_CHARS))));
        invalid(spec().env(Map.of("_A1", "x".repeat(Limits.ENV_VALUE_CHARS + 1))), "env._A1");
        invalid(spec().env(Map.of("_A1", "a\0b")), "env._A1");
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i <= Limits.ENV_ENTRIES; i++) {
            many.put("V" + i, "x");
        }
        invalid(spec().env(many), "env");
    }

    @Test
    void tasksGpusAndResourcesHaveBounds() {
        SampleSpec rich = spec().cap(Ath.ofWhole(1_000));
        invalid(spec().tasks(0), "tasks");
        invalid(spec().tasks(Limits.ARRAY_TASKS + 1), "tasks");
        admitted(rich.tasks(Limits.ARRAY_TASKS));
        invalid(spec().gpus(0), "gpus.count");
        invalid(spec().gpus(Limits.GPUS_PER_TASK + 1), "gpus.count");
        admitted(spec().gpus(Limits.GPUS_PER_TASK));
        invalid(spec().gpuMemoryMib(-1), "gpus.minMemoryMib");
        invalid(spec().model(" "), "gpus.model");
        admitted(spec().model("H200"));
        invalid(spec().cpuMillis(0), "cpuMillis");
        invalid(spec().cpuMillis(Limits.JOB_CPU_MILLIS + 1), "cpuMillis");
        invalid(spec().memoryMib(Limits.JOB_MIN_MEMORY_MIB - 1), "memoryMib");
        invalid(spec().memoryMib(Limits.JOB_MEMORY_MIB + 1), "memoryMib");
        invalid(spec().maxDurationMillis(0), "maxDurationMillis");
        invalid(spec().maxDurationMillis(Limits.JOB_DURATION_MILLIS + 1), "maxDurationMillis");
    }

    @Test
    void regionsHaveABound() {
        Set<Region> regions = new HashSet<>();
        for (int i = 0; i <= Limits.REGIONS; i++) {
            regions.add(new Region("r-" + i));
        }
        invalid(spec().regions(regions), "regions");
        regions.remove(new Region("r-0"));
        admitted(spec().regions(regions));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/", "", "a\\b", "a\nb"})
    void aPathOutsideOfTheInputFolderIsRefused(String path) {
        invalid(spec().inputs(Map.of(path, INPUT)), "inputs");
    }

    @Test
    void inputsHaveBounds() {
        admitted(spec().inputs(Map.of("scene/main.json", INPUT, "scene/tex.png", INPUT, "scene2", INPUT)));
        invalid(spec().inputs(Map.of("scene", INPUT, "scene/main.json", INPUT)), "a file and a folder");
        invalid(spec().inputs(Map.of("x".repeat(Limits.PATH_CHARS + 1), INPUT)), "inputs");
        invalid(spec().inputs(Map.of("x", new Input(INPUT.digest(), Limits.BLOB_BYTES + 1))), "inputs");
        invalid(spec().inputs(Map.of("x", new Input(INPUT.digest(), -1))), "inputs");
        Map<String, Input> many = new HashMap<>();
        for (int i = 0; i <= Limits.INPUTS; i++) {
            many.put("f" + i, INPUT);
        }
        invalid(spec().inputs(many), "inputs");
    }

    @Test
    void thePriceCoversTheMarkets() {
        long least = PARAMETERS.market().minPrice().wei().longValueExact();
        refused(spec().maxPrice(0), Reason.PRICE_TOO_LOW, "maxPrice");
        refused(spec().maxPrice(least - 1), Reason.PRICE_TOO_LOW, String.valueOf(least));
        admitted(spec().maxPrice(least));
    }

    @Test
    void theCapCoversTheLeastHoldOfEveryTask() {
        // 60 s of 2·10^12 wei a GPU-second on 2 GPUs, for 3 tasks.
        Ath least = Ath.ofWei(60L * 2 * 2_000_000_000_000L * 3);
        refused(spec().tasks(3).gpus(2).cap(least.minus(Ath.ofWei(1))), Reason.CAP_TOO_LOW, least.toString());
        admitted(spec().tasks(3).gpus(2).cap(least));
    }

    @Test
    void aShortJobNeedsItsOwnDurationOnly() {
        Ath least = Ath.ofWei(5 * 2_000_000_000_000L);
        refused(spec().maxDurationMillis(5_000).cap(least.minus(Ath.ofWei(1))), Reason.CAP_TOO_LOW, "cap");
        admitted(spec().maxDurationMillis(5_000).cap(least));
    }

    @Test
    void amountsBeyondTheSupplyAreRefusedAndDoNotOverflow() {
        Ath most = new Ath(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
        admitted(spec().cap(Ath.SUPPLY));
        invalid(spec().cap(Ath.SUPPLY.plus(Ath.ofWei(1))), "cap");
        invalid(spec().cap(most), "cap");
        invalid(spec().maxPrice(Ath.SUPPLY.plus(Ath.ofWei(1))).cap(Ath.SUPPLY), "maxPrice");
        invalid(spec().maxPrice(most).cap(most), "maxPrice");
    }
}
