package io.athanor.domain.canary;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.canary.CanaryGrade.Run;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.Receipt.Output;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.protocol.Accountability.Vetting;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.testing.SampleParameters;
import io.athanor.domain.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a plan's known answer accuses, beside what other machines gave for the same order. */
class WitnessTest {
    private final Samples samples = new Samples(79);
    private final JobSpec spec = samples.spec();
    private final Output known = new Output("result", samples.sha256(), 17);
    private final Output other = new Output("result", samples.sha256(), 17);
    private final Hash32 digest = SlaVerdict.resultDigest(List.of(known));

    private Sha256 image() {
        return Sha256.parse(spec.image().substring(spec.image().indexOf('@') + 1));
    }

    private ProtocolParameters rules(int witnesses, Sha256... images) {
        return SampleParameters.withCanaries(samples.wallet(), new Vetting(List.of(images), witnesses, 0, 0));
    }

    private Run run(int number, String group, JobSpec of, Ending ending, Output... outputs) {
        LeaseId lease = new LeaseId(samples.task(), 1);
        Receipt any = samples.receipt(lease, ending, 1_000);
        Receipt receipt = new Receipt(
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
        Lease leased = samples.lease(lease, of);
        MachineId id = leased.machine();
        Wallet provider = leased.provider();
        Machine machine = Machine.EMPTY.evolve(
                new MachineEnrolled(id, provider, "0x", samples.inventory(1), samples.authorization(provider), at(0)));
        Plant plant = new Plant(samples.wallet(), of, Fact.DELIVERED, digest);
        return new Run(6, number, plant, receipt, leased, machine, group, at(9), null);
    }

    private static List<Offence> offences(ProtocolParameters rules, Run... runs) {
        return List.of(runs).stream()
                .flatMap(run -> CanaryGrade.offences(run, List.of(runs), rules, checker -> 0).stream())
                .toList();
    }

    @Test
    void aWrongAnswerInThePlanAccusesNobodyWhereNoOtherOwnerGaveIt() {
        Run accused = run(0, "a", spec, Ending.COMPLETED, other);
        Run sameAnswer = run(1, "b", spec, Ending.COMPLETED, other);
        assertThat(offences(rules(1, image()), accused, sameAnswer)).isEmpty();
        Run sameOwner = run(2, "a", spec, Ending.COMPLETED, known);
        assertThat(offences(rules(1, image()), accused, sameOwner)).isEmpty();
        Run failed = run(3, "c", spec, Ending.EXIT_CODE);
        assertThat(offences(rules(1, image()), accused, failed)).isEmpty();
        Run ofAnotherOrder = run(4, "d", spec.withCap(spec.cap().times(2)), Ending.COMPLETED, known);
        assertThat(offences(rules(1, image()), accused, ofAnotherOrder)).isEmpty();
        Run nobodys = run(5, "", spec, Ending.COMPLETED, known);
        assertThat(offences(rules(1, image()), accused, nobodys)).isEmpty();
    }

    @Test
    void aMachineOfAnotherOwnerWithTheKnownResultBearsWitness() {
        Run accused = run(0, "a", spec, Ending.COMPLETED, other);
        Run witness = run(1, "b", spec, Ending.COMPLETED, known);
        assertThat(offences(rules(1, image()), accused, witness))
                .singleElement()
                .isInstanceOfSatisfying(FalseResult.class, offence -> {
                    assertThat(offence.machine()).isEqualTo(accused.leased().machine());
                    assertThat(offence.witnesses()).containsExactly(witness.lease());
                });
        assertThat(offences(rules(2, image()), accused, witness)).isEmpty();
        Run second = run(2, "c", spec, Ending.COMPLETED, known);
        assertThat(offences(rules(2, image()), accused, witness, second)).hasSize(1);
    }

    /** Who could order what gives another result on every run would frame the honest with a witness. */
    @Test
    void onlyVettedImagesAccuse() {
        Run accused = run(0, "a", spec, Ending.COMPLETED, other);
        Run witness = run(1, "b", spec, Ending.COMPLETED, known);
        assertThat(offences(rules(1), accused, witness)).isEmpty();
        assertThat(offences(rules(1, samples.sha256()), accused, witness)).isEmpty();
        assertThat(offences(rules(1, samples.sha256(), image()), accused, witness))
                .hasSize(1);
    }

    @Test
    void whatOthersCompletedAndThisMachineCallsTheClientsFailureIsNotDelivered() {
        Run failed = run(0, "a", spec, Ending.EXIT_CODE);
        Run cancelled = run(1, "c", spec, Ending.CANCELLED);
        Run lost = run(2, "d", spec, Ending.CONTAINER_LOST);
        Run witness = run(3, "b", spec, Ending.COMPLETED, known);
        Vetting vetting = new Vetting(List.of(image()), 1, 0, 0);
        assertThat(CanaryGrade.undelivered(List.of(failed, cancelled, lost, witness), vetting))
                .containsExactly(new Undelivered(failed.lease(), failed.leased().machine()));
        assertThat(CanaryGrade.undelivered(List.of(failed, cancelled, lost), vetting))
                .isEmpty();
        assertThat(offences(rules(1, image()), failed, witness)).isEmpty();
    }
}
