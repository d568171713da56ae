package io.athanor.agent.checker;

import io.athanor.agent.checker.Evidence.Capacity;
import io.athanor.agent.checker.Evidence.Found;
import io.athanor.agent.checker.Evidence.Line;
import io.athanor.agent.checker.Evidence.Probe;
import io.athanor.codec.Json;
import io.athanor.domain.attestation.CapacityWork;
import io.athanor.domain.attestation.CapacityWork.Band;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.protocol.ProtocolParameters.Admission;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import io.athanor.domain.wire.AgentProtocol.LineAnswer;
import io.athanor.domain.wire.CheckerProtocol.MachineFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What probes and claims say of a machine. Pure, so that two checkers that saw the same report the same.
 *
 * <p>A machine that answered nothing is OFFLINE only where it was introduced; where it never was, that is the network's
 * doing. Every machine is timed by a capacity test.
 */
final class MachineJudge {
    /** What the driver reports of a model's memory, in MiB, within the tolerance. */
    private static final Map<String, Long> MEMORY_MIB = Map.of(
            "H200",
            143_771L,
            "H100",
            81_559L,
            "A100-80",
            81_920L,
            "L40S",
            46_068L,
            "RTX 4090",
            24_564L,
            "RTX 3090",
            24_576L);

    private static final Pattern INSTANCE_MEMORY = Pattern.compile(" MIG [1-7]g\\.([0-9]{1,3})gb");
    private static final long MIB_A_GIB = 1_024;
    /**
     * Where lanes are computed again: seconds of one core for a machine, on threads of its own, so that what arrives meanwhile is
     * timed when it arrives.
     */
    private static final ExecutorService AGAIN = Executors.newFixedThreadPool(
            Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
            Thread.ofPlatform().daemon().name("capacity-", 0).factory());

    private static final long TOLERANCE_PERCENT = 10;
    private static final long PERCENT = 100;

    private MachineJudge() {}

    /** Whether the machine was there. The measure is the number of probes it answered. */
    static Found liveness(MachineSubject subject, List<Probe> probes) {
        Fact fact = presence(probes);
        return found(subject, fact, Hash32.ZERO, answered(probes), probes, List.of());
    }

    /**
     * Whether the machine is what it claims to be. The measure is its capacity in ppm of an H100: what the test's time says,
     * never more than the claim. A test that was not answered says nothing, and the machine is inspected again.
     *
     * @param capacity null where the network could not introduce the machine
     */
    static Found onboarding(
            MachineSubject subject,
            List<Probe> probes,
            MachineFacts facts,
            Map<String, Long> modelPpm,
            @Nullable Capacity capacity) {
        Band band = Band.of(facts.inventory());
        long claim = CapacityWork.claimPpm(facts.inventory(), modelPpm);
        return timed(subject, probes, facts, claim, capacity, measured -> band.isOffence(claim, measured));
    }

    /**
     * What a certified machine shows at its daily test. Below the offence's share of its certificate it is COUNTERFEIT, except
     * where its GPUs are simulated: their processor may be busy with anything, so that only what they compute can be wrong.
     *
     * @param capacity null where the network could not introduce the machine
     */
    static Found capacity(
            MachineSubject subject,
            List<Probe> probes,
            MachineFacts facts,
            Map<String, Long> modelPpm,
            @Nullable Capacity capacity,
            CapacityTests rules) {
        long claim = CapacityWork.claimPpm(facts.inventory(), modelPpm);
        return timed(
                subject,
                probes,
                facts,
                claim,
                capacity,
                measured ->
                        !facts.inventory().simulated() && measured * PERCENT < facts.score() * rules.offencePercent());
    }

    private static Found timed(
            MachineSubject subject,
            List<Probe> probes,
            MachineFacts facts,
            long claim,
            @Nullable Capacity capacity,
            LongPredicate offence) {
        Fact presence = presence(probes);
        if (presence != Fact.ONLINE) {
            return found(subject, presence, Hash32.ZERO, 0, probes, List.of());
        }
        Inventory inventory = facts.inventory();
        if (capacity == null || !capacity.isAnswered()) {
            Fact silent = capacity == null ? Fact.NETWORK : Fact.OFFLINE;
            return with(
                    capacity,
                    found(subject, silent, Hash32.ZERO, 0, probes, List.of("no answer to the capacity test")));
        }
        List<String> doubts = doubts(subject, facts);
        long measured = measured(subject, Band.of(inventory), claim, capacity, offence, doubts);
        Fact fact = doubts.isEmpty() ? Fact.GENUINE : Fact.COUNTERFEIT;
        return with(capacity, found(subject, fact, hardware(inventory), measured, probes, doubts));
    }

    /**
     * The same with what the line carries: a genuine machine with less than the network asks for is TOO_SLOW, and the measure is
     * what it carries of that, in ppm. A machine that did not finish in time, or signed other bytes, says nothing.
     */
    static Found onboarding(Found found, MachineSubject subject, @Nullable Line line, Admission.@Nullable Line rules) {
        Finding seen = found.finding();
        if (rules == null || seen.fact() != Fact.GENUINE) {
            return found;
        }
        if (line == null || !isCarried(subject, line)) {
            Fact silent = line == null ? Fact.NETWORK : Fact.OFFLINE;
            return lined(found, line, new Finding(seen.subject(), silent, Hash32.ZERO, 0, seen.rttMicros()));
        }
        if (rules.isEnough(line.downMbit(), line.upMbit())) {
            return lined(found, line, seen);
        }
        long ppm = rules.carriesPpm(line.downMbit(), line.upMbit());
        return lined(found, line, new Finding(seen.subject(), Fact.TOO_SLOW, seen.digest(), ppm, seen.rttMicros()));
    }

    private static boolean isCarried(MachineSubject subject, Line line) {
        LineAnswer answer = line.answer();
        return answer != null
                && answer.machine().equals(subject.machine())
                && answer.nonce().equals(line.nonce())
                && answer.received().equals(line.expected())
                && MachineProbes.signedBy(subject.agentKey(), answer.signed(), answer.signature());
    }

    private static Found lined(Found found, @Nullable Line line, Finding finding) {
        Evidence.Subject seen = found.evidence();
        return new Found(
                finding,
                new Evidence.Subject(
                        seen.subject(), finding.fact(), seen.probes(), seen.notes(), seen.capacity(), line));
    }

    /** Computes the lanes that the answer shows again; adds what is wrong to the doubts. */
    private static long measured(
            MachineSubject subject,
            Band band,
            long claim,
            Capacity capacity,
            LongPredicate offence,
            List<String> doubts) {
        if (!isSolved(subject, capacity)) {
            doubts.add("the capacity test's result is wrong");
            return 0;
        }
        long measured = band.measuredPpm(claim, capacity.micros());
        if (offence.test(measured)) {
            doubts.add("the capacity test took " + capacity.micros() / 1_000 + " ms: " + measured
                    + " ppm of an H100, where " + claim + " are claimed");
        }
        return measured;
    }

    private static boolean isSolved(MachineSubject subject, Capacity capacity) {
        return CompletableFuture.supplyAsync(() -> CapacityEvidence.isSolved(subject, capacity), AGAIN)
                .join();
    }

    private static Found with(@Nullable Capacity capacity, Found found) {
        Evidence.Subject seen = found.evidence();
        return new Found(
                found.finding(),
                new Evidence.Subject(seen.subject(), seen.fact(), seen.probes(), seen.notes(), capacity, null));
    }

    private static Fact presence(List<Probe> probes) {
        if (answered(probes) > 0) {
            return Fact.ONLINE;
        }
        return probes.stream().anyMatch(Probe::introduced) ? Fact.OFFLINE : Fact.NETWORK;
    }

    private static long answered(List<Probe> probes) {
        return probes.stream().filter(probe -> probe.answer() != null).count();
    }

    private static List<String> doubts(MachineSubject subject, MachineFacts facts) {
        List<String> doubts = new ArrayList<>();
        Inventory inventory = facts.inventory();
        if (!facts.agentKey().equals(subject.agentKey())) {
            doubts.add("the machine is enrolled under another device key");
        }
        if (inventory.gpus().isEmpty()) {
            doubts.add("it has no GPU");
        }
        Set<String> uuids = new HashSet<>();
        for (Inventory.Gpu gpu : inventory.gpus()) {
            if (!uuids.add(gpu.uuid())) {
                doubts.add("GPU " + gpu.uuid() + " is counted twice");
            }
            if (gpu.uuid().startsWith("SIM-") != inventory.simulated()) {
                doubts.add("GPU " + gpu.uuid() + " is simulated and does not say so, or the reverse");
            }
            Long memory = memoryOf(gpu.model());
            if (memory != null && Math.abs(gpu.memoryMib() - memory) * 100 > memory * TOLERANCE_PERCENT) {
                doubts.add("GPU " + gpu.uuid() + " has " + gpu.memoryMib() + " MiB, which no " + gpu.model() + " has");
            }
        }
        return doubts;
    }

    /** What a model has, or what an instance's profile says; null for a model that is not known. */
    private static @Nullable Long memoryOf(String model) {
        Matcher instance = INSTANCE_MEMORY.matcher(model);
        return instance.find() ? Long.valueOf(Long.parseLong(instance.group(1)) * MIB_A_GIB) : MEMORY_MIB.get(model);
    }

    private static Hash32 hardware(Inventory inventory) {
        return Hash32.keccak(Json.canonical(Map.of("fingerprint", inventory.fingerprint(), "gpus", inventory.gpus())));
    }

    private static Found found(
            MachineSubject subject, Fact fact, Hash32 digest, long measure, List<Probe> probes, List<String> notes) {
        return new Found(
                new Finding(subject.key(), fact, digest, measure, medianRtt(probes)),
                new Evidence.Subject(subject.key(), fact, probes, notes));
    }

    private static long medianRtt(List<Probe> probes) {
        long[] times = probes.stream()
                .filter(probe -> probe.answer() != null)
                .mapToLong(Probe::rttMicros)
                .sorted()
                .toArray();
        return times.length == 0 ? 0 : times[times.length / 2];
    }
}
