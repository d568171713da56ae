package io.athanor.saga.sim;

import io.athanor.domain.attestation.Commitment;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundCommand.CommitReport;
import io.athanor.domain.attestation.RoundCommand.RevealReport;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.Refused;
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

/** A simulated checker: reports what it sees, or is lazy, silent or wrong as its manner says. */
public final class SimChecker implements SimNetwork.Actor {
    private static final String SIGNATURE = "0x" + "11".repeat(65);

    private final SimNetwork network;
    private final Wallet wallet;
    private final Map<String, SimMachine> machines = new HashMap<>();
    private Manner manner = Manner.HONEST;
    private boolean refutes;

    /** How a checker behaves. */
    public enum Manner {
        HONEST,
        ABSENT,
        NEVER_REVEALS,
        /** Says the opposite of what it sees. */
        LIES
    }

    SimChecker(SimNetwork network, Wallet wallet) {
        this.network = network;
        this.wallet = wallet;
        network.add(this);
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
        if (event.event() instanceof RoundOpened round && manner != Manner.ABSENT && sits(round)) {
            long window =
                    round.commitUntil().toEpochMilli() - round.commitFrom().toEpochMilli();
            long after = network.random.nextLong(window / 2);
            network.at(round.commitFrom().plusMillis(after), () -> commit(round));
        }
    }

    private boolean sits(RoundOpened round) {
        return round.committee().stream().anyMatch(seat -> seat.checker().equals(wallet));
    }

    private void commit(RoundOpened round) {
        Report report = new Report(
                round.round(),
                wallet,
                round.subjects().stream().map(this::finding).toList(),
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

    private Finding finding(Subject subject) {
        Finding honest = switch (subject) {
            case Subject.MachineSubject machine -> ofMachine(machine);
            case Subject.DeliverySubject delivery -> ofDelivery(delivery);
            case Subject.CaseSubject known ->
                new Finding(known.key(), refutes ? Finding.Fact.REFUTED : Finding.Fact.UPHELD, Hash32.ZERO, 0, 0);
        };
        return manner == Manner.LIES ? opposite(honest) : honest;
    }

    private Finding ofMachine(Subject.MachineSubject subject) {
        SimMachine machine = machines.get(subject.key());
        boolean up = machine != null && machine.isUp();
        boolean inspected = network.log.state(StreamId.of(StreamId.MACHINE, subject.machine())) instanceof Machine m
                && m.standing() == Machine.Standing.INSPECTING;
        if (inspected && machine != null) {
            Finding.Fact fact = machine.isGenuine() ? Finding.Fact.GENUINE : Finding.Fact.COUNTERFEIT;
            return new Finding(subject.key(), fact, Hash32.ZERO, 1_000_000, 900);
        }
        Finding.Fact fact = up ? Finding.Fact.ONLINE : Finding.Fact.OFFLINE;
        return new Finding(subject.key(), fact, Hash32.ZERO, up ? 3 : 0, up ? 900 : 0);
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
            case GENUINE -> Finding.Fact.COUNTERFEIT;
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
