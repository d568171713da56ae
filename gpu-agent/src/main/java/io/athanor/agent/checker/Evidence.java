package io.athanor.agent.checker;

import io.athanor.codec.Json;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.wire.AgentProtocol.CapacityAnswer;
import io.athanor.domain.wire.AgentProtocol.CapacityOpening;
import io.athanor.domain.wire.AgentProtocol.CapacityTest;
import io.athanor.domain.wire.AgentProtocol.LineAnswer;
import io.athanor.domain.wire.AgentProtocol.ProbeAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a checker keeps of a round, stored under its digest before the report that names it: with it anybody can check that
 * a machine's own key answered a fresh nonce.
 */
record Evidence(RoundId round, Wallet checker, List<Subject> subjects) {
    Evidence {
        subjects = List.copyOf(subjects);
    }

    /**
     * The same, or where it is too large to be stored, without the openings of machines that are genuine: their roots and
     * signatures stay, and of whoever is accused everything does.
     */
    Evidence within(int bytes) {
        return Json.canonical(this).length <= bytes
                ? this
                : new Evidence(
                        round,
                        checker,
                        subjects.stream().map(Subject::withoutOpening).toList());
    }

    /**
     * One subject.
     *
     * @param notes what was found wrong, in words
     * @param line of an inspection's subject, null elsewhere and where none could be measured
     * @param capacity of an inspection's subject, null elsewhere and where no test could be made
     */
    record Subject(
            String subject,
            Finding.Fact fact,
            List<Probe> probes,
            List<String> notes,
            @Nullable Capacity capacity,
            @Nullable Line line) {
        Subject {
            probes = List.copyOf(probes);
            notes = List.copyOf(notes);
        }

        private Subject withoutOpening() {
            if (capacity == null || fact != Finding.Fact.GENUINE) {
                return this;
            }
            List<String> said = new ArrayList<>(notes);
            said.add("the opening of its capacity test held, and is left out for its size");
            return new Subject(subject, fact, probes, said, capacity.withoutOpening(), line);
        }

        Subject(String subject, Finding.Fact fact, List<Probe> probes, List<String> notes) {
            this(subject, fact, probes, notes, null, null);
        }
    }

    /**
     * A capacity test: with it anybody can check that the secret is the one the test was committed to, draw the lanes again,
     * compute them, and check the machine's signatures.
     *
     * @param secret what drew the lanes
     * @param answer with the roots, null where none came in time
     * @param micros from the test's sending to the roots' arrival, less one round trip, on the checker's clock
     * @param opening null where none came in time
     * @param openMicros from the secret's sending to the opening's arrival
     */
    record Capacity(
            String nonce,
            CapacityTest test,
            Hash32 secret,
            @Nullable CapacityAnswer answer,
            long micros,
            @Nullable CapacityOpening opening,
            long openMicros) {

        /** Whether the machine did all it was asked for in time. */
        boolean isAnswered() {
            return answer != null && opening != null;
        }

        private Capacity withoutOpening() {
            return new Capacity(nonce, test, secret, answer, micros, null, openMicros);
        }
    }

    /**
     * A line test, by the checker's clock.
     *
     * @param bytes sent each way
     * @param expected digest of what was sent to the machine, which its answer repeats
     * @param answer with the machine's signature, null where none came in time
     */
    record Line(
            String nonce,
            int bytes,
            long upMicros,
            long downMicros,
            @Nullable Sha256 expected,
            @Nullable LineAnswer answer) {
        private static final long BITS = 8;

        /** To the machine, in Mbit/s: bits a microsecond. */
        long downMbit() {
            return bytes * BITS / Math.max(1, downMicros);
        }

        /** From the machine, in Mbit/s. */
        long upMbit() {
            return bytes * BITS / Math.max(1, upMicros);
        }
    }

    /**
     * One probe.
     *
     * @param introduced whether the network could tell the machine of it
     * @param answer with the machine's signature, null where none that holds came
     */
    record Probe(
            String nonce,
            Instant at,
            boolean introduced,
            @Nullable ProbeAnswer answer,
            long rttMicros) {}

    /** A finding with its evidence. */
    record Found(Finding finding, Subject evidence) {}
}
