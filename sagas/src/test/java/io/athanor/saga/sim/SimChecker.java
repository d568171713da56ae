package io.athanor.saga.sim;

import io.athanor.domain.attestation.Commitment;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundCommand.CommitReport;
import io.athanor.domain.attestation.RoundCommand.RevealReport;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.port.CommittedEvents.Committed;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A simulated checker: reports what it sees, or is lazy, silent or wrong as its manner says. */
public final class SimChecker implements SimNetwork.Actor {
    private static final int PROBES = Samples.DEVNET.liveness().probesPerEpoch();
    private static final long OFFENCE_PPM = 700_000;
    private static final String SIGNATURE = "0x" + "11".repeat(65);

    private final SimNetwork network;
    private final Wallet wallet;
    private final Map<String, SimMachine> machines = new HashMap<>();
    private Manner manner = Manner.HONEST;
    private final Map<RoundId, Map<String, Integer>> answered = new HashMap<>();
    private boolean refutes;
    private boolean probing;
    private long linePpm = 1_000_000;

    /** How a checker behaves. */
    public enum Manner {
        HONEST,
        ABSENT,
        NEVER_REVEALS,
        /** Says the opposite of what it sees. */
        LIES,
        /** Looks at nothing: every machine is there, everything was delivered. */
        LAZY,
        /** Looks at nothing and commits to what another member committed to. */
        COPIES,
        /** With its like: no rival's machine is there. */
        COLLUDES,
        /** Is away every third round. */
        FLAKY
    }

    SimChecker(SimNetwork network, Wallet wallet) {
        this.network = network;
        this.wallet = wallet;
        network.add(this);
    }

    /** Looks at machines at secret instants of an epoch, as a checker's node does; else only when it commits. */
    public void probe() {
        probing = true;
    }

    /** What machines' lines carry of what is needed, from its place. */
    public void linesCarry(long ppm) {
        linePpm = ppm;
    }

    /** What it finds of a case. */
    public void finds(boolean refuted) {
        refutes = refuted;
    }

    public void be(Manner newManner) {
        manner = newManner;
    }

    /** Knows how the machine really is. */
    public void sees(SimMachine machine) {
        machines.put(machine.id().toString(), machine);
    }

    @Override
    public void on(Committed event) {
        if (event.event() instanceof ReportCommitted other && manner == Manner.COPIES) {
            copy(other);
        } else if (event.event() instanceof RoundOpened round && takesPart() && sits(round)) {
            if (probing && round.round().kind() == RoundId.Kind.LIVENESS) {
                probe(round);
            }
            long window =
                    round.commitUntil().toEpochMilli() - round.commitFrom().toEpochMilli();
            long after = network.random.nextLong(window / 2);
            network.at(round.commitFrom().plusMillis(after), () -> commit(round));
        }
    }

    private void probe(RoundOpened round) {
        Map<String, Integer> counts = new HashMap<>();
        answered.put(round.round(), counts);
        long left = round.commitFrom().toEpochMilli() - network.now().toEpochMilli();
        for (Subject subject : round.subjects()) {
            SimMachine machine = machines.get(subject.key());
            for (int i = 0; machine != null && left > 0 && i < PROBES; i++) {
                network.in(
                        network.random.nextLong(left),
                        () -> counts.merge(subject.key(), machine.isUp() ? 1 : 0, Integer::sum));
            }
        }
    }

    private boolean takesPart() {
        return manner != Manner.ABSENT
                && manner != Manner.COPIES
                && (manner != Manner.FLAKY || network.random.nextInt(3) > 0);
    }

    /** The same commitment under its own name, as soon as it is seen: a member's report cannot be read yet. */
    private void copy(ReportCommitted other) {
        if (!other.checker().equals(wallet)) {
            network.in(
                    10,
                    () -> accepted(() -> network.send(
                            new CommitReport(other.round(), wallet, other.commitment(), SIGNATURE, network.now()))));
        }
    }

    private boolean sits(RoundOpened round) {
        return round.committee().stream().anyMatch(seat -> seat.checker().equals(wallet));
    }

    private void commit(RoundOpened round) {
        Report report = new Report(
                round.round(),
                wallet,
                round.subjects().stream()
                        .map(subject -> finding(round.round().kind(), subject, answered.get(round.round())))
                        .toList(),
                Sha256.of("evidence".getBytes(StandardCharsets.UTF_8)));
        Hash32 salt = Samples.hash("salt" + wallet + round.round());
        Hash32 commitment = Commitment.of(round.chainId(), report, salt);
        boolean taken = accepted(
                () -> network.send(new CommitReport(round.round(), wallet, commitment, SIGNATURE, network.now())));
        if (taken && manner != Manner.NEVER_REVEALS) {
            network.at(
                    round.commitUntil().plusMillis(100 + network.random.nextInt(500)),
                    () -> accepted(() -> network.send(
                            new RevealReport(round.round(), wallet, report, salt, SIGNATURE, network.now()))));
        }
    }

    private Finding finding(RoundId.Kind kind, Subject subject, @Nullable Map<String, Integer> probes) {
        Finding honest = switch (subject) {
            case Subject.MachineSubject machine when kind == RoundId.Kind.CAPACITY -> ofCapacity(machine);
            case Subject.MachineSubject machine -> probes == null ? ofMachine(machine) : ofProbes(machine, probes);
            case Subject.DeliverySubject delivery -> ofDelivery(delivery);
            case Subject.CaseSubject known ->
                new Finding(known.key(), refutes ? Finding.Fact.REFUTED : Finding.Fact.UPHELD, Hash32.ZERO, 0, 0);
        };
        return switch (manner) {
            case LIES -> opposite(honest);
            case LAZY -> unseen(subject, honest);
            case COLLUDES ->
                kind == RoundId.Kind.LIVENESS && subject instanceof Subject.MachineSubject machine && isRival(machine)
                        ? new Finding(subject.key(), Finding.Fact.OFFLINE, Hash32.ZERO, 0, 0)
                        : honest;
            case HONEST, ABSENT, NEVER_REVEALS, COPIES, FLAKY -> honest;
        };
    }

    /** One in eight owners, the same for all who collude. */
    private static boolean isRival(Subject.MachineSubject machine) {
        return machine.provider().hashCode() % 8 == 0;
    }

    private static Finding unseen(Subject subject, Finding honest) {
        Finding.Fact fact = switch (subject) {
            case Subject.MachineSubject machine ->
                honest.fact() == Finding.Fact.COUNTERFEIT || honest.fact() == Finding.Fact.GENUINE
                        ? Finding.Fact.GENUINE
                        : Finding.Fact.ONLINE;
            case Subject.DeliverySubject delivery -> Finding.Fact.DELIVERED;
            case Subject.CaseSubject known -> Finding.Fact.UPHELD;
        };
        return new Finding(subject.key(), fact, Hash32.ZERO, 3, 0);
    }

    private static Finding ofProbes(Subject.MachineSubject subject, Map<String, Integer> probes) {
        int times = probes.getOrDefault(subject.key(), 0);
        Finding.Fact fact = times > 0 ? Finding.Fact.ONLINE : Finding.Fact.OFFLINE;
        return new Finding(subject.key(), fact, Hash32.ZERO, times, times > 0 ? 900 : 0);
    }

    private Finding ofMachine(Subject.MachineSubject subject) {
        SimMachine machine = machines.get(subject.key());
        boolean up = machine != null && machine.isUp();
        boolean inspected = network.log.state(StreamId.of(StreamId.MACHINE, subject.machine())) instanceof Machine m
                && m.standing() == Machine.Standing.INSPECTING;
        if (inspected && machine != null) {
            Finding.Fact fact = machine.isGenuine() ? Finding.Fact.GENUINE : Finding.Fact.COUNTERFEIT;
            if (machine.isGenuine() && linePpm < 1_000_000) {
                return new Finding(subject.key(), Finding.Fact.TOO_SLOW, Hash32.ZERO, linePpm, 900);
            }
            return new Finding(subject.key(), fact, Hash32.ZERO, 1_000_000, 900);
        }
        Finding.Fact fact = up ? Finding.Fact.ONLINE : Finding.Fact.OFFLINE;
        return new Finding(subject.key(), fact, Hash32.ZERO, up ? 3 : 0, up ? 900 : 0);
    }

    private Finding ofCapacity(Subject.MachineSubject subject) {
        SimMachine machine = machines.get(subject.key());
        if (machine == null || !machine.isUp() || !machine.answers(wallet)) {
            return new Finding(subject.key(), Finding.Fact.OFFLINE, Hash32.ZERO, 0, 0);
        }
        Finding.Fact fact = machine.shows() < OFFENCE_PPM ? Finding.Fact.COUNTERFEIT : Finding.Fact.GENUINE;
        return new Finding(subject.key(), fact, Hash32.ZERO, machine.shows(), 900);
    }

    private Finding ofDelivery(Subject.DeliverySubject subject) {
        Object state =
                network.log.state(StreamId.of(StreamId.JOB, subject.lease().task()));
        Receipt receipt = state instanceof Job.Ended ended ? ended.receipt() : null;
        if (receipt == null) {
            return new Finding(subject.key(), Finding.Fact.NOT_DELIVERED, Hash32.ZERO, 0, 0);
        }
        Finding.Fact fact =
                receipt.ending() == Ending.COMPLETED ? Finding.Fact.DELIVERED : Finding.Fact.ENDED_BY_CLIENT;
        return new Finding(subject.key(), fact, SlaVerdict.resultDigest(receipt), receipt.runMillis(), 0);
    }

    private static Finding opposite(Finding honest) {
        Finding.Fact fact = switch (honest.fact()) {
            case ONLINE -> Finding.Fact.OFFLINE;
            case OFFLINE, NETWORK -> Finding.Fact.ONLINE;
            case DELIVERED, ENDED_BY_CLIENT -> Finding.Fact.NOT_DELIVERED;
            case NOT_DELIVERED -> Finding.Fact.DELIVERED;
            case GENUINE, TOO_SLOW -> Finding.Fact.COUNTERFEIT;
            case COUNTERFEIT -> Finding.Fact.GENUINE;
            case UPHELD -> Finding.Fact.REFUTED;
            case REFUTED -> Finding.Fact.UPHELD;
        };
        return new Finding(honest.subject(), fact, Hash32.ZERO, 0, 0);
    }

    private static boolean accepted(Runnable send) {
        try {
            send.run();
            return true;
        } catch (Refused e) {
            return false;
        }
    }
}
