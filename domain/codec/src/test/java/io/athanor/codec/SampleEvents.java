package io.athanor.codec;

import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.EarningsCredited;
import io.athanor.domain.account.AccountEvent.EarningsVested;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.HoldRaised;
import io.athanor.domain.account.AccountEvent.HoldSettled;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.Consistency;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.RoundEvent.RoundInconclusive;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.checker.CheckerEvent.AttesterAuthorised;
import io.athanor.domain.checker.CheckerEvent.CheckerActivated;
import io.athanor.domain.checker.CheckerEvent.CheckerJailed;
import io.athanor.domain.checker.CheckerEvent.CheckerRegistered;
import io.athanor.domain.checker.CheckerEvent.CheckerReleased;
import io.athanor.domain.checker.CheckerEvent.CheckerTombstoned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.epoch.Payout;
import io.athanor.domain.job.Assessment;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobCancelRequested;
import io.athanor.domain.job.JobEvent.JobCancelled;
import io.athanor.domain.job.JobEvent.JobCompleted;
import io.athanor.domain.job.JobEvent.JobDisputed;
import io.athanor.domain.job.JobEvent.JobExpired;
import io.athanor.domain.job.JobEvent.JobFailed;
import io.athanor.domain.job.JobEvent.JobFunded;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.job.JobEvent.JobRequeued;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.job.JobEvent.JobStarted;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import io.athanor.domain.job.JobEvent.PlacementDecided;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.machine.MachineEvent.GpusReleased;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.HardwareChanged;
import io.athanor.domain.machine.MachineEvent.InspectionOpened;
import io.athanor.domain.machine.MachineEvent.MachineCertified;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineRejected;
import io.athanor.domain.machine.MachineEvent.MachineRetired;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.machine.MachineEvent.MaintenanceAnnounced;
import io.athanor.domain.machine.MachineEvent.MaintenanceEnded;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.machine.MachineEvent.QualityScored;
import io.athanor.domain.machine.Quality.Day;
import io.athanor.domain.machine.Quality.Scored;
import io.athanor.domain.machine.Ratios;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.placement.PlacementDecision;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ParametersScheduled;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.provider.ProviderEvent.CutOffForQuality;
import io.athanor.domain.provider.ProviderEvent.MachineReadmitted;
import io.athanor.domain.provider.ProviderEvent.ProviderActivated;
import io.athanor.domain.provider.ProviderEvent.ProviderCutOff;
import io.athanor.domain.provider.ProviderEvent.ProviderExpelled;
import io.athanor.domain.provider.ProviderEvent.ProviderRegistered;
import io.athanor.domain.provider.ProviderEvent.ProviderReinstated;
import io.athanor.domain.provider.ProviderEvent.ProviderSuspended;
import io.athanor.domain.provider.ProviderEvent.SuspendedForQuality;
import io.athanor.domain.provider.ProviderEvent.SuspensionLifted;
import io.athanor.domain.provider.Suspension.LowQuality;
import io.athanor.domain.provider.Suspension.Terms;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One valid event of every type, with every field and list filled: what golden files are first written from. */
final class SampleEvents {
    private static final String SIGNATURE = "0x" + "22".repeat(65);
    private static final String KEY = "0x" + "33".repeat(32);
    private static final Instant AT = Samples.at(1_234);
    private static final Ath AMOUNT = Ath.ofWei(1_234_567_890_123_456_789L);
    private static final RoundId ROUND = new RoundId(12, RoundId.Kind.DELIVERY, 0, 1);

    private final Samples samples = new Samples(7);
    private final Wallet wallet = samples.wallet();
    private final Wallet other = samples.wallet();
    private final MachineId machine = samples.machine();
    private final Authorization signed = samples.authorization(wallet);
    private final TaskId task = samples.job().task(3);
    private final LeaseId leaseId = new LeaseId(task, 2);
    private final Inventory inventory = samples.inventory(2);
    private final JobSpec spec = new SampleSpec()
            .model("H100")
            .inputs(Map.of("scene.txt", new JobSpec.Input(samples.sha256(), 4_096)))
            .regions(Set.of(new Region("eu-west"), new Region("us-east")))
            .build();
    private final Lease lease = samples.lease(leaseId, spec);
    private final Draw draw = new Draw(
            samples.hash(), ROUND, samples.hash(), samples.hash(), 7, List.of("group-a", "group-b"), samples.hash());

    private SampleEvents() {}

    static List<Event> all() {
        SampleEvents events = new SampleEvents();
        return Stream.of(
                        events.ofAccounts(),
                        events.ofParties(),
                        events.ofMachines(),
                        events.ofJobs(),
                        events.ofEndedJobs(),
                        events.ofRounds(),
                        events.ofEpochs(),
                        events.ofTheProtocol(),
                        CaseSamples.all(),
                        StakeSamples.all(),
                        GovernanceSamples.all())
                .flatMap(List::stream)
                .toList();
    }

    private List<Event> ofAccounts() {
        EarningLine earning = new EarningLine(EarningLine.Kind.PROOF_OF_DELIVERY, task.toString(), AMOUNT);
        SessionKey key = new SessionKey(other, AMOUNT, Set.of(SessionKey.Scope.values()), Samples.at(900_000));
        return List.of(
                new DepositCredited(wallet, 4, AMOUNT, samples.hash(), 99, AT),
                new FundsHeld(wallet, task.job(), AMOUNT, signed, AT),
                new HoldRaised(wallet, task.job(), Ath.ofWei(30), Ath.ofWei(90), signed, AT),
                new HoldSettled(wallet, 12, List.of(new HoldLine(task, AMOUNT, Ath.ofWei(1))), AT),
                new EarningsCredited(wallet, 12, List.of(earning), AT),
                new EarningsVested(wallet, 12, 2, 180, AMOUNT, Ath.ofWei(7), AT),
                new VestingSlashed(wallet, new CaseId(samples.uuid()), AMOUNT, 2, Ath.ofWei(7), AT),
                new SessionKeyAuthorised(wallet, key, signed, AT),
                new SessionKeyRevoked(wallet, other, signed, AT),
                new WithdrawalRequested(wallet, AMOUNT, AMOUNT.plus(AMOUNT), signed, AT),
                new WithdrawalPaid(wallet, AMOUNT, AMOUNT.plus(AMOUNT), samples.hash(), 102, AT),
                new StakeBonded(PoolId.ofChecker(wallet), 5, AMOUNT, samples.hash(), 100, AT));
    }

    private List<Event> ofParties() {
        return List.of(
                new ProviderRegistered(wallet, "Forge", "group-a", signed, AT),
                new ProviderActivated(wallet, AT),
                new ProviderSuspended(wallet, machine, new CaseId(samples.uuid()), Samples.at(99_000), AT),
                new ProviderReinstated(wallet, machine, AT),
                new ProviderCutOff(wallet, machine, new CaseId(samples.uuid()), AT),
                new SuspendedForQuality(wallet, machine, new LowQuality(41, 612_000), Samples.at(99_000), AT),
                new CutOffForQuality(wallet, machine, new LowQuality(52, 498_123), AT),
                new ProviderExpelled(wallet, new CaseId(samples.uuid()), AT),
                new MachineReadmitted(wallet, machine, ROUND, 48, AT),
                new SuspensionLifted(wallet, new CaseId(samples.uuid()), new Terms(604_800_000, 3, 2_592_000_000L), AT),
                new CheckerRegistered(
                        wallet, "group-b", "as-64512", new Region("eu-west"), "http://127.0.0.1:7700", signed, AT),
                new AttesterAuthorised(wallet, other, AT),
                new CheckerActivated(wallet, AT),
                new CheckerJailed(wallet, 3, 40, Samples.at(99_000), AT),
                new CheckerReleased(wallet, AT),
                new CheckerTombstoned(wallet, "equivocation.0xab.12.liveness.0.0", AT));
    }

    private static Scored scored() {
        Ratios starts = new Ratios(4, Map.of(60, 1));
        Ratios latency = new Ratios(96, Map.of(40, 2, 85, 3));
        Day figures = new Day(280, 288, 9, 1, 2, starts, latency);
        return new Scored(41, figures, figures.parts(), 743_749, 861_000, true);
    }

    private List<Event> ofMachines() {
        return List.of(
                new MachineEnrolled(machine, wallet, KEY, inventory, signed, AT),
                new InspectionOpened(machine, ROUND, AT),
                new MachineCertified(machine, ROUND, 1_000_000, AT),
                new MachineRejected(machine, ROUND, "the hardware is not what it claims", AT),
                new CapacityTested(machine, ROUND, 850_000, 1_000_000, AT),
                new OfferListed(machine, AMOUNT, signed, AT),
                new QualityScored(machine, scored(), AT),
                new GpusReserved(machine, leaseId, lease.gpus(), AT),
                new GpusReleased(machine, leaseId, AT),
                new MachineWentOffline(machine, "no heartbeat", AT),
                new MachineWentOnline(machine, AT),
                new MaintenanceAnnounced(machine, AT, Samples.at(3_600_000), AT),
                new MaintenanceEnded(machine, AT),
                new HardwareChanged(machine, inventory, AT),
                new MachineRetired(machine, signed, AT));
    }

    private List<Event> ofJobs() {
        PlacementDecision.Scored scored =
                new PlacementDecision.Scored(machine, AMOUNT, Map.of("price", 900_000L, "spread", 100_000L), 870_000);
        PlacementDecision decision =
                new PlacementDecision(machine, 3, Map.of("price", 1, "memory", 1), List.of(scored), 321, 1, 42);
        return List.of(
                new JobSubmitted(task, wallet, spec, signed, AT),
                new JobFunded(task, AMOUNT, AT),
                new PlacementDecided(task, decision, AT),
                new JobAssigned(task, lease, AT),
                new JobStarted(task, leaseId, "4f5e", AT),
                new JobCancelRequested(task, "no longer needed", signed, AT),
                new JobToppedUp(task, Ath.ofWei(90), Ath.ofWei(30), 60_000, signed, AT),
                new JobRequeued(task, 3, AT),
                new JobExpired(task, "queued for too long", AT));
    }

    private List<Event> ofEndedJobs() {
        Assessment assessment = new Assessment(
                Assessment.Outcome.DELIVERED,
                ROUND,
                5_000,
                AMOUNT,
                AMOUNT.minus(Ath.ofWei(9)),
                Ath.ofWei(9),
                Ath.ofWei(77),
                samples.hash(),
                1,
                true);
        return List.of(
                new JobCompleted(task, samples.receipt(leaseId, Ending.COMPLETED, 5_000), AT),
                new JobFailed(
                        task, Ending.EXIT_CODE, "exit code 1", samples.receipt(leaseId, Ending.EXIT_CODE, 400), AT),
                new JobLost(
                        task,
                        leaseId,
                        Ending.GPU_LOST,
                        "GPU fell off the bus",
                        samples.receipt(leaseId, Ending.GPU_LOST, 80),
                        AT),
                new JobCancelled(task, "no longer needed", samples.receipt(leaseId, Ending.CANCELLED, 60), AT),
                new SlaAssessed(task, assessment, AT),
                new JobSettled(task, 12, wallet, other, assessment, AT),
                new JobDisputed(
                        task, Offence.caseOf(Offence.Dispute.name(leaseId)), samples.authorization(wallet), AT));
    }

    private List<Event> ofRounds() {
        Finding finding = new Finding(leaseId.toString(), Finding.Fact.DELIVERED, samples.hash(), 5_000, 840);
        Verdict verdict = new Verdict(leaseId.toString(), Finding.Fact.DELIVERED, samples.hash(), 5_000, 4, 5);
        List<Consistency> consistency = List.of(
                new Consistency(wallet, Consistency.Mark.CORRECT), new Consistency(other, Consistency.Mark.UNREVEALED));
        return List.of(
                new RoundOpened(
                        ROUND,
                        31_337,
                        List.of(
                                new DeliverySubject(leaseId, machine, wallet, KEY),
                                new MachineSubject(machine, wallet, KEY)),
                        List.of(new Seat(wallet, other, 2)),
                        3,
                        draw,
                        Samples.at(1_000),
                        Samples.at(4_000),
                        Samples.at(7_000),
                        AT),
                new ReportCommitted(ROUND, wallet, samples.hash(), SIGNATURE, AT),
                new ReportRevealed(
                        ROUND,
                        wallet,
                        new Report(ROUND, wallet, List.of(finding), samples.sha256()),
                        samples.hash(),
                        SIGNATURE,
                        AT),
                new RoundFinalized(ROUND, List.of(verdict), consistency, samples.hash(), AT),
                new RoundInconclusive(ROUND, 1, consistency, AT));
    }

    private List<Event> ofEpochs() {
        Candidate candidate = new Candidate(wallet, other, "group-b", "as-64512", AMOUNT);
        Batch batch = new Batch(3, samples.hash(), samples.hash(), 16, AMOUNT);
        return List.of(
                new EpochOpened(
                        12,
                        Samples.at(0),
                        Samples.at(10_000),
                        77,
                        samples.hash(),
                        List.of(candidate),
                        Candidate.digest(List.of(candidate)),
                        AT),
                new RewardsComputed(12, 1, AMOUNT, AMOUNT, AMOUNT, Ath.ofWei(9), 2, samples.hash(), AT),
                new SettlementBatched(12, batch, AT),
                new SettlementAnchored(12, 3, samples.hash(), 101, AT),
                new WithdrawalsRooted(12, new Payout(2, samples.hash(), 5, AMOUNT, 3), AT),
                new WithdrawalsAnchored(12, 2, samples.hash(), 103, AT),
                new EpochClosed(12, new ChainHead(3, samples.hash()), AT));
    }

    private List<Event> ofTheProtocol() {
        return List.of(
                new NetworkBegun(31_337, wallet, other, Samples.START, AT),
                new ReserveCredited(1, Reserve.CHECKER, AMOUNT, samples.hash(), 9, AT),
                new ParametersScheduled(2, SampleParameters.get(), 40, AT),
                new ParametersActivated(2, SampleParameters.get(), 40, AT));
    }
}
