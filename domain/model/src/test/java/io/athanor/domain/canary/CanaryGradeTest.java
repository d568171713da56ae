package io.athanor.domain.canary;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.Round;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.canary.CanaryGrade.Run;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Promise;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.Receipt.Output;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.Accountability;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One plant, five members with one seat each, three for a quorum. */
class CanaryGradeTest {
    private static final RoundId ROUND = new RoundId(6, RoundId.Kind.DELIVERY, 0, 0);
    private static final ProtocolParameters RULES = SampleParameters.get();
    private static final String OWNER = "the machine's owner";

    private final Samples samples = new Samples(77);
    private final LeaseId lease = new LeaseId(samples.task(), 1);
    private final Wallet provider = samples.wallet();
    private final MachineId machineId = samples.machine();
    private final List<Wallet> members =
            IntStream.range(0, 5).mapToObj(i -> samples.wallet()).toList();
    private final Machine machine = Machine.EMPTY.evolve(new MachineEnrolled(
            machineId, provider, "0x", samples.inventory(1), samples.authorization(provider), at(0)));

    private final Output known = new Output("result", samples.sha256(), 17);
    private final Hash32 digest = SlaVerdict.resultDigest(List.of(known));
    private final Plant delivers = new Plant(samples.wallet(), samples.spec(), Fact.DELIVERED, digest);
    private final Plant fails = new Plant(samples.wallet(), samples.spec(), Fact.ENDED_BY_CLIENT, Hash32.ZERO);

    private Receipt receipt(Ending ending, Output... outputs) {
        Receipt any = samples.receipt(lease, ending, 1_000);
        return new Receipt(
                lease,
                any.container(),
                any.image(),
                ending,
                any.exitCode(),
                any.startedAt(),
                any.endedAt(),
                any.runMillis(),
                List.of(outputs),
                any.log(),
                any.logBytes(),
                any.signature());
    }

    private Finding finding(Fact fact, Hash32 of) {
        return new Finding(lease.toString(), fact, of, 1_000, 0);
    }

    private Round round(Finding... findings) {
        Draw draw = new Draw(samples.hash(), null, Hash32.ZERO, samples.hash(), 5, List.of(), samples.hash());
        List<Seat> seats = members.stream().map(m -> new Seat(m, m, 1)).toList();
        DeliverySubject subject = new DeliverySubject(lease, machineId, provider, "0x");
        RoundOpened opened = new RoundOpened(ROUND, 1, List.of(subject), seats, 3, draw, at(0), at(1), at(2), at(0));
        Map<Wallet, Hash32> commitments = new HashMap<>();
        Map<Wallet, ReportRevealed> reveals = new HashMap<>();
        for (int i = 0; i < findings.length; i++) {
            Wallet member = members.get(i);
            Report report = new Report(ROUND, member, List.of(findings[i]), samples.sha256());
            commitments.put(member, samples.hash());
            reveals.put(member, new ReportRevealed(ROUND, member, report, samples.hash(), "0x", at(1)));
        }
        return new Round(opened, commitments, reveals, true);
    }

    private Lease leased(@Nullable Promise promise) {
        Lease any = samples.lease(lease, samples.spec());
        return new Lease(
                lease,
                machineId,
                provider,
                any.gpus(),
                any.price(),
                any.startBy(),
                new Lease.Agreement(990_000, 30_000, promise == null ? 1 : 3, promise),
                false);
    }

    private List<Offence> grade(Plant plant, Receipt receipt, Finding... findings) {
        Run run = new Run(6, 0, plant, receipt, leased(null), machine, OWNER, at(9), round(findings));
        return CanaryGrade.offences(run, List.of(run), RULES, checker -> 0);
    }

    @Test
    void whoSaysWhatWasKnownFailsNothing() {
        Finding right = finding(Fact.DELIVERED, digest);
        Finding unseen = finding(Fact.NETWORK, Hash32.ZERO);
        assertThat(grade(delivers, receipt(Ending.COMPLETED, known), right, right, right, unseen))
                .isEmpty();
        Finding failed = finding(Fact.ENDED_BY_CLIENT, Hash32.ZERO);
        assertThat(grade(fails, receipt(Ending.EXIT_CODE), failed, failed, failed))
                .isEmpty();
    }

    @Test
    void whoDeniesWhatTheReceiptProvesFailsAndNobodyElse() {
        Finding right = finding(Fact.DELIVERED, digest);
        Finding other = finding(Fact.DELIVERED, samples.hash());
        Finding failed = finding(Fact.ENDED_BY_CLIENT, Hash32.ZERO);
        assertThat(grade(delivers, receipt(Ending.COMPLETED, known), right, other, right, failed, right))
                .hasSize(2)
                .allSatisfy(offence -> assertThat(offence).isInstanceOf(FailedCanary.class))
                .extracting(offence -> offence.accused().operator())
                .containsExactly(members.get(1), members.get(3));
    }

    /** A quorum of liars is found out by what its members signed. */
    @Test
    void aWholeCommitteeThatCallsAFailedJobDeliveredFails() {
        Finding lie = finding(Fact.DELIVERED, digest);
        assertThat(grade(fails, receipt(Ending.EXIT_CODE), lie, lie, lie, lie, lie))
                .hasSize(5);
    }

    /** Else a machine that names outputs which it never stored would frame the honest. */
    @Test
    void missingOutputsAreHeldAgainstACheckerOnlyWhereAQuorumFoundThem() {
        Finding right = finding(Fact.DELIVERED, digest);
        Finding missing = finding(Fact.NOT_DELIVERED, Hash32.ZERO);
        Receipt receipt = receipt(Ending.COMPLETED, known);
        assertThat(grade(delivers, receipt, missing, missing, missing, right, right))
                .isEmpty();
        assertThat(grade(delivers, receipt, missing, right, right, right))
                .singleElement()
                .extracting(offence -> offence.accused().operator())
                .isEqualTo(members.getFirst());
        Plant without =
                new Plant(delivers.client(), delivers.spec(), Fact.DELIVERED, SlaVerdict.resultDigest(List.of()));
        assertThat(grade(without, receipt(Ending.COMPLETED), missing, missing, missing))
                .as("nothing could be missing")
                .hasSize(3);
    }

    @Test
    void anotherResultIsTheMachinesAndBadLuckIsNobodys() {
        Output forged = new Output("result", samples.sha256(), 17);
        Receipt receipt = receipt(Ending.COMPLETED, forged);
        Finding asReceived = finding(Fact.DELIVERED, SlaVerdict.resultDigest(receipt));
        assertThat(grade(delivers, receipt, asReceived, asReceived, asReceived))
                .singleElement()
                .isInstanceOfSatisfying(FalseResult.class, offence -> {
                    assertThat(offence.accused().operator()).isEqualTo(provider);
                    assertThat(offence.required().isZero()).isFalse();
                });
        assertThat(grade(delivers, receipt(Ending.DEADLINE))).isEmpty();
        assertThat(grade(delivers, receipt(Ending.CONTAINER_LOST))).isEmpty();
    }

    /** Whatever the machine has become meanwhile; a lease without a stake is charged by what the machine is now. */
    @Test
    void aFalseResultCostsWhatItsAgreementNamed() {
        Receipt forged = receipt(Ending.COMPLETED, new Output("result", samples.sha256(), 17));
        Ath agreed = Ath.ofWhole(17_500);
        assertThat(falseResult(forged, new Promise(4, 1, 1, 1, agreed)))
                .returns(agreed, FalseResult::required)
                .returns(4, FalseResult::parameters)
                .satisfies(offence -> assertThat(PenaltyPolicy.versionOf(offence, RULES))
                        .isEqualTo(PenaltyPolicy.versionOf(falseResult(forged, new Promise(4, 1, 1, 1)), RULES) + 2));
        assertThat(falseResult(forged, new Promise(4, 1, 1, 1)))
                .returns(PenaltyPolicy.required(machine, 1, RULES), FalseResult::required)
                .returns(null, FalseResult::parameters);
    }

    private FalseResult falseResult(Receipt receipt, Promise promise) {
        Run run = new Run(6, 0, delivers, receipt, leased(promise), machine, OWNER, at(9), null);
        return (FalseResult)
                CanaryGrade.offences(run, List.of(run), RULES, checker -> 0).getFirst();
    }

    @Test
    void theThirdFailureInAMonthCostsMore() {
        Accountability.CheckerFaults faults = RULES.accountable().penalties().checkers();
        Finding right = finding(Fact.DELIVERED, digest);
        Run run = new Run(
                6,
                0,
                delivers,
                receipt(Ending.COMPLETED, known),
                leased(null),
                machine,
                OWNER,
                at(9),
                round(finding(Fact.DELIVERED, samples.hash()), right, right, right));
        for (int earlier = 0; earlier < 4; earlier++) {
            int before = earlier;
            Offence offence = CanaryGrade.offences(run, List.of(run), RULES, checker -> before)
                    .getFirst();
            assertThat(PenaltyPolicy.rateBps(offence, null, at(9), RULES))
                    .isEqualTo(earlier < 2 ? faults.canaryBps() : faults.repeatBps());
        }
    }
}
