package io.athanor.agent.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.athanor.codec.Json;
import io.athanor.codec.Profiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Draw;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.attestation.Subject.DeliverySubject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Region;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.MatchProof;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.job.Receipt.Output;
import io.athanor.domain.job.SlaVerdict;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.domain.testing.Matches;
import io.athanor.domain.testing.Samples;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.view.TaskView;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a member of an appeal's committee makes of a case file: it looks at signatures and verdicts, not at words. */
class CaseJudgeTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Wallet LOG = Wallet.parse("0x00000000000000000000000000000000000000bb");
    private static final NetworkTerms TERMS = new NetworkTerms(31_337, LOG, Profiles.load("devnet"));
    private static final Wallet PROVIDER = Wallet.parse("0x90F79bf6EB2c4f870365E785982E1f101E93b906");
    private static final Wallet CHECKER = Wallet.parse("0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc");
    private static final RoundId ROUND = new RoundId(7, RoundId.Kind.LIVENESS, 0, 0);

    private final Secp256k1.KeyPair attester = Secp256k1.generate(RANDOM);
    private final MachineId machine = new MachineId(new UUID(1, 2));
    private final Map<String, Object> files = new HashMap<>();
    private Fact delivered = Fact.DELIVERED;
    private final CaseJudge judge = new CaseJudge(this::file, this::delivery, TERMS);

    private Evidence.Found delivery(DeliverySubject subject) {
        return new Evidence.Found(
                new Finding(subject.key(), delivered, Hash32.ZERO, 0, 0),
                new Evidence.Subject(subject.key(), delivered, List.of(), List.of()));
    }

    private <T> T file(String path, Class<T> type) throws IOException {
        Object known = files.get(path);
        if (known == null) {
            throw new IOException("nothing at " + path);
        }
        return Json.read(Json.bytes(known), type);
    }

    private Evidence.Found judged(Offence offence) throws IOException, InterruptedException {
        return judged(offence, offence.caseId());
    }

    private Evidence.Found judged(Offence offence, CaseId asked) throws IOException, InterruptedException {
        files.put("/v1/cases/" + asked, caseFile(offence));
        return judge.judge(new CaseSubject(asked, offence.accused().operator()));
    }

    private void upheld(Offence offence) throws IOException, InterruptedException {
        Evidence.Found found = judged(offence);
        assertThat(found.finding().fact()).isEqualTo(Fact.UPHELD);
        assertThat(found.evidence().notes()).isEmpty();
    }

    private void refuted(Offence offence, String why) throws IOException, InterruptedException {
        Evidence.Found found = judged(offence);
        assertThat(found.finding().fact()).isEqualTo(Fact.REFUTED);
        assertThat(found.evidence().notes()).anyMatch(note -> note.contains(why));
    }

    private static CaseView caseFile(Offence offence) {
        return new CaseView(
                offence.caseId(),
                "APPEALED",
                offence.accused(),
                offence,
                500,
                Ath.ofWhole(1),
                Ath.ZERO,
                1,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                AT,
                1);
    }

    private void round(@Nullable Fact fact, Secp256k1.KeyPair signs) {
        Hash32 hash = Hash32.ZERO;
        RoundOpened opened = new RoundOpened(
                ROUND,
                31_337,
                List.of(new MachineSubject(machine, PROVIDER, "0x01")),
                List.of(new Seat(CHECKER, Wallet.parse(signs.address()), 1)),
                2,
                new Draw(hash, null, hash, hash, 7, List.of(), hash),
                AT,
                AT.plusSeconds(3),
                AT.plusSeconds(6),
                AT);
        Verdict verdict = new Verdict(machine.toString(), fact, hash, 3, 3, 5);
        files.put(
                "/v1/rounds/" + ROUND,
                new RoundView(ROUND, "FINALIZED", opened, 1, 1, List.of(verdict), List.of(), AT, 1));
    }

    private SignedReport signed(Secp256k1.KeyPair signer, Fact fact) {
        Finding finding = new Finding(machine.toString(), fact, Hash32.ZERO, 0, 0);
        Report report = new Report(ROUND, CHECKER, List.of(finding), Sha256.of(new byte[] {1}));
        Hash32 digest = new SigningDomain(31_337, LOG).digest(TypedCommands.reportStruct(report));
        return new SignedReport(report, Hex.encode(Secp256k1.sign(signer, digest)));
    }

    private Equivocation equivocation(SignedReport one, SignedReport other) {
        return new Equivocation(PoolId.ofChecker(CHECKER), Wallet.parse(attester.address()), one, other, AT);
    }

    @Test
    void twoReportsSignedForOneRoundBearThePenalty() throws Exception {
        round(Fact.ONLINE, attester);
        upheld(equivocation(signed(attester, Fact.ONLINE), signed(attester, Fact.OFFLINE)));
    }

    @Test
    void oneReportTwiceASignatureOfSomebodyElseAndAStrangersKeyDoNot() throws Exception {
        round(Fact.ONLINE, attester);
        SignedReport one = signed(attester, Fact.ONLINE);
        refuted(equivocation(one, one), "do not contradict");
        Secp256k1.KeyPair stranger = Secp256k1.generate(RANDOM);
        refuted(equivocation(one, signed(stranger, Fact.OFFLINE)), "not signed by");
        SignedReport broken = new SignedReport(signed(attester, Fact.OFFLINE).report(), "0x12");
        refuted(equivocation(one, broken), "not signed by");
        round(Fact.ONLINE, stranger);
        refuted(equivocation(one, signed(attester, Fact.OFFLINE)), "signs for nobody");
    }

    private Downtime downtime(List<RoundId> rounds) {
        LostLease lease = new LostLease(new JobId(new UUID(3, 4)).task(0).lease(1), CHECKER, 1, Ath.ofWei(5), AT);
        return new Downtime(
                PoolId.ofProvider(PROVIDER), machine, AT, List.of(lease), Ath.ofWhole(10), rounds, List.of("forge"));
    }

    @Test
    void anOutageNeedsALeaseAndACommitteeThatSawTheMachineAway() throws Exception {
        round(Fact.OFFLINE, attester);
        upheld(downtime(List.of(ROUND)));
        refuted(downtime(List.of()), "no committee saw the machine away");
        List<@Nullable Fact> others = new ArrayList<>();
        others.add(Fact.ONLINE);
        others.add(null);
        for (Fact other : others) {
            round(other, attester);
            refuted(downtime(List.of(ROUND)), "did not find");
        }
    }

    @Test
    void counterfeitHardwareNeedsACommitteeThatFoundIt() throws Exception {
        Counterfeit offence =
                new Counterfeit(PoolId.ofProvider(PROVIDER), machine, ROUND, Ath.ofWhole(10), List.of(), AT);
        round(Fact.COUNTERFEIT, attester);
        upheld(offence);
        round(Fact.GENUINE, attester);
        refuted(offence, "did not find");
    }

    @Test
    void aDisputeHoldsWhereTheDeliveryDoesNot() throws Exception {
        DeliverySubject delivery =
                new DeliverySubject(new JobId(new UUID(3, 4)).task(0).lease(1), machine, PROVIDER, "0x01");
        Dispute offence = new Dispute(
                PoolId.ofProvider(PROVIDER), delivery, CHECKER, Ath.ofWei(9), Ath.ofWhole(1), "empty", List.of(), AT);
        refuted(offence, "holds together");
        delivered = Fact.NOT_DELIVERED;
        upheld(offence);
    }

    private RefutedMatch refutedMatch(Ath price, Secp256k1.KeyPair signer) {
        TaskId task = new JobId(new UUID(3, 4)).task(0);
        MatchProof proof = Matches.proof(task, price, price);
        Hash32 struct = TypedSettlement.batch(proof.batch(), proof.epoch(), proof.setVersion());
        String signature = Hex.encode(Secp256k1.sign(signer, new SigningDomain(31_337, LOG).digest(struct)));
        Wallet key = Wallet.parse(attester.address());
        return Matches.offence(CHECKER, key, proof, signature, task, Mismatch.PRICE_ABOVE_ORDER, AT);
    }

    /** Who signed a batch answers for a match above the order, and for none within it. */
    @Test
    void aRefutedMatchNeedsTheAccusedsSignatureAndAnOrderThatDoesNotCoverIt() throws Exception {
        JobSpec spec = new Samples(1).spec();
        Wallet key = Wallet.parse(attester.address());
        files.put(
                "/v1/checkers/" + CHECKER,
                new CheckerView(
                        CHECKER,
                        key,
                        "ACTIVE",
                        "owner",
                        "net",
                        new Region("eu-west"),
                        "http://c",
                        Ath.ZERO,
                        0,
                        0,
                        AT,
                        1));
        JobId job = new JobId(new UUID(3, 4));
        files.put("/v1/jobs/" + job, new JobView(job, PROVIDER, "SETTLED", spec, Ath.ZERO, Ath.ZERO, AT, List.of(), 1));
        Ath above = spec.maxPrice().plus(Ath.ofWei(1));
        upheld(refutedMatch(above, attester));
        refuted(refutedMatch(spec.maxPrice(), attester), "covers the match");
        refuted(refutedMatch(above, Secp256k1.generate(RANDOM)), "not signed by");
    }

    private final Samples samples = new Samples(2);
    private final JobSpec vetted = samples.spec();
    private final Output known = new Output("result", Sha256.of(new byte[] {1}), 1);
    private final Output forged = new Output("result", Sha256.of(new byte[] {2}), 1);

    /** The terms with one image vetted. */
    private static NetworkTerms vetting(String image) {
        ObjectNode profile = Json.mapper().valueToTree(Profiles.load("devnet"));
        ObjectNode vetting = (ObjectNode) profile.at("/accountability/canaries/vetting");
        vetting.putArray("images").add(image.substring(image.indexOf('@') + 1));
        return new NetworkTerms(31_337, LOG, Json.read(Json.bytes(profile), ProtocolParameters.class));
    }

    private LeaseId run(Wallet provider, String group, Output output) {
        LeaseId lease = new LeaseId(samples.task(), 1);
        Receipt any = samples.receipt(lease, Ending.COMPLETED, 1_000);
        Receipt receipt =
                new Receipt(lease, "c", "i", Ending.COMPLETED, 0, AT, AT, 1_000, List.of(output), any.log(), 0, "0x00");
        TaskId id = lease.task();
        TaskView task = new TaskView(
                id, "SETTLED", lease, machine, provider, null, null, null, AT, AT, receipt, null, Ath.ZERO, 7L, true);
        JobId job = lease.task().job();
        files.put(
                "/v1/jobs/" + job,
                new JobView(job, CHECKER, "SETTLED", vetted, Ath.ZERO, Ath.ZERO, AT, List.of(task), 1));
        files.put(
                "/v1/providers/" + provider, new ProviderView(provider, "name", group, "ACTIVE", 1, List.of(), AT, 1));
        return lease;
    }

    private List<Rerun> reruns = List.of();

    private void plan(LeaseId... runs) {
        Hash32 digest = SlaVerdict.resultDigest(List.of(known));
        List<Plant> plants = new ArrayList<>();
        List<CanaryPlan.Ordered> orders = new ArrayList<>();
        for (LeaseId run : runs) {
            orders.add(new CanaryPlan.Ordered(plants.size(), run.task()));
            plants.add(new Plant(samples.wallet(), vetted, Fact.DELIVERED, digest));
        }
        CanaryPlan plan = new CanaryPlan(7, Hash32.ZERO, plants);
        files.put(
                "/v1/canaries/7",
                new CanaryView(7, Json.digest(plan), AT, plan, orders, Ath.ZERO, List.of(), reruns, List.of(), AT, 1));
    }

    /** Of an order that ran again; the plan has one known answer. */
    private FalseResult odd(LeaseId accused, LeaseId one, LeaseId two) {
        return new FalseResult(
                PoolId.ofProvider(PROVIDER), accused, 7, 1, Ath.ofWhole(1), AT, machine, null, List.of(one, two));
    }

    @Test
    void aReRunsOddOneNeedsTwoOtherOwnersThatAgreeOnAVettedImage() throws Exception {
        NetworkTerms terms = vetting(vetted.image());
        LeaseId accused = run(PROVIDER, "accused", forged);
        LeaseId one = run(samples.wallet(), "one", known);
        LeaseId two = run(samples.wallet(), "two", known);
        LeaseId related = run(samples.wallet(), "one", known);
        LeaseId differs = run(samples.wallet(), "three", forged);
        reruns = List.of(new Rerun(one.task(), accused.task(), two.task(), null));
        plan(run(samples.wallet(), "four", known));
        assertThat(appealed(terms, odd(accused, one, two))).isEqualTo(Fact.UPHELD);
        assertThat(appealed(TERMS, odd(accused, one, two))).isEqualTo(Fact.REFUTED);
        assertThat(appealed(terms, odd(accused, one, related))).as("not told").isEqualTo(Fact.REFUTED);
        for (LeaseId other : List.of(related, differs)) {
            reruns = List.of(new Rerun(one.task(), accused.task(), other.task(), null));
            plan(run(samples.wallet(), "four", known));
            assertThat(appealed(terms, odd(accused, one, other))).isEqualTo(Fact.REFUTED);
        }
    }

    private FalseResult falseResult(LeaseId accused, LeaseId... witnesses) {
        return new FalseResult(
                PoolId.ofProvider(PROVIDER), accused, 7, 0, Ath.ofWhole(1), AT, machine, null, List.of(witnesses));
    }

    private Fact appealed(NetworkTerms terms, FalseResult offence) throws IOException, InterruptedException {
        files.put("/v1/cases/" + offence.caseId(), caseFile(offence));
        CaseSubject subject = new CaseSubject(offence.caseId(), PROVIDER);
        return new CaseJudge(this::file, this::delivery, terms)
                .judge(subject)
                .finding()
                .fact();
    }

    /** The plan's word alone bears nothing: a machine of another owner gave the known result, of an image that is still vetted. */
    @Test
    void aFalseResultNeedsAWitnessOfAnotherOwnerAndAVettedImage() throws Exception {
        NetworkTerms terms = vetting(vetted.image());
        LeaseId accused = run(PROVIDER, "accused", forged);
        LeaseId witness = run(samples.wallet(), "another", known);
        plan(accused, witness);
        assertThat(appealed(terms, falseResult(accused, witness))).isEqualTo(Fact.UPHELD);
        assertThat(appealed(terms, falseResult(accused))).isEqualTo(Fact.REFUTED);
        assertThat(appealed(TERMS, falseResult(accused, witness))).isEqualTo(Fact.REFUTED);
        LeaseId denies = run(samples.wallet(), "a third", forged);
        LeaseId related = run(samples.wallet(), "accused", known);
        LeaseId outside = run(samples.wallet(), "a fourth", known);
        plan(accused, denies, related);
        for (LeaseId other : List.of(denies, related, outside)) {
            assertThat(appealed(terms, falseResult(accused, other))).isEqualTo(Fact.REFUTED);
        }
    }

    @Test
    void aFileOfAnotherCaseProvesNothing() throws Exception {
        round(Fact.OFFLINE, attester);
        Evidence.Found found = judged(downtime(List.of(ROUND)), new CaseId(new UUID(7, 7)));
        assertThat(found.finding().fact()).isEqualTo(Fact.REFUTED);
        assertThat(found.evidence().notes()).contains("the file is of another case");
    }

    @Test
    void whatCannotBeReadIsNotJudged() {
        assertThatThrownBy(() -> judged(downtime(List.of(ROUND)))).isInstanceOf(IOException.class);
    }
}
