package io.athanor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.athanor.audit.Replay.Result;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.HoldRaised;
import io.athanor.domain.attestation.CommitteeDraw;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobEvent.JobSubmitted;
import io.athanor.domain.job.JobEvent.JobToppedUp;
import io.athanor.domain.job.JobEvent.SlaAssessed;
import io.athanor.domain.machine.MachineEvent.GpusReserved;
import io.athanor.domain.machine.MachineEvent.MachineEnrolled;
import io.athanor.domain.machine.MachineEvent.MachineWentOffline;
import io.athanor.domain.machine.MachineEvent.MachineWentOnline;
import io.athanor.domain.machine.MachineEvent.OfferListed;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ParametersScheduled;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a dishonest node could write: orders nobody gave, rules passed over, draws that suit it. */
class ForgeryTest {
    private static final DemoExport DEMO = DemoExport.read();
    private static final String UNVOTED = "no executed proposal has these parameters";

    private static void found(DemoExport forged, String what) {
        Result result = forged.replay();
        assertThat(result.verdict()).isEqualTo("MISMATCH");
        assertThat(result.problems())
                .extracting(Replay.Problem::what)
                .anySatisfy(text -> assertThat(text).contains(what));
    }

    private static DemoExport atEnd(Event... events) {
        return DEMO.with(DEMO.lines().size() - 1, List.of(events));
    }

    private static RoundOpened round() {
        int[] places = DEMO.places("round.Opened");
        return DEMO.event(places[places.length - 1], RoundOpened.class);
    }

    private static DemoExport redrawn(RoundOpened round, String saltsRound, Hash32 salts) {
        int[] places = DEMO.places("round.Opened");
        Hash32 seed = CommitteeDraw.seed(round.draw().blockHash(), salts, round.round());
        return DEMO.forge(places[places.length - 1], payload -> {
            ObjectNode draw = (ObjectNode) payload.get("draw");
            draw.put("salts", salts.toString()).put("seed", seed.toString());
            // Long after the last round closed, so that nobody can say not to have known it yet.
            payload.put("at", round.at().plusSeconds(60).toString());
            if (saltsRound.isEmpty()) {
                draw.remove("saltsRound");
            } else {
                draw.put("saltsRound", saltsRound);
            }
        });
    }

    @Test
    void insertingWhatTheRulesAllowStillMatches() {
        int place = DEMO.first("machine.WentOnline");
        MachineWentOnline online = DEMO.event(place, MachineWentOnline.class);
        DemoExport blinked = DEMO.with(
                place + 1,
                List.of(
                        new MachineWentOffline(online.machine(), "maintenance", online.at()),
                        new MachineWentOnline(online.machine(), online.at())));
        assertThat(blinked.replay().problems()).isEmpty();
        found(DEMO.with(place + 1, List.of(online)), "the state before gives []");
    }

    @Test
    void aGpuIsNotReservedTwice() {
        int place = DEMO.first("machine.GpusReserved");
        GpusReserved first = DEMO.event(place, GpusReserved.class);
        GpusReserved again = new GpusReserved(
                first.machine(), new JobId(new UUID(1, 2)).task(0).lease(1), first.gpus(), first.at());
        found(DEMO.with(place + 1, List.of(again)), "GPU_TAKEN");
    }

    @Test
    void nobodySpendsWhatTheyDoNotHave() {
        int place = DEMO.first("account.FundsHeld");
        FundsHeld hold = DEMO.event(place, FundsHeld.class);
        FundsHeld all =
                new FundsHeld(hold.wallet(), new JobId(new UUID(1, 2)), Ath.SUPPLY, hold.authorization(), hold.at());
        found(DEMO.with(place, List.of(all)), "INSUFFICIENT_FUNDS");
    }

    @Test
    void aHoldWithoutItsOrderIsFound() {
        FundsHeld hold = DEMO.event(DEMO.first("account.FundsHeld"), FundsHeld.class);
        FundsHeld other =
                new FundsHeld(hold.wallet(), new JobId(new UUID(1, 2)), Ath.ofWei(1), hold.authorization(), hold.at());
        found(atEnd(other), "has to be followed by its order's task 0");
    }

    @Test
    void aHigherCapWithoutItsHoldAndAHoldRaisedForNothingAreFound() {
        JobSubmitted order = DEMO.event(DEMO.first("job.Submitted"), JobSubmitted.class);
        Ath cap = order.spec().cap().plus(Ath.ofWhole(8));
        found(
                DEMO.with(
                        DEMO.first("job.Assigned"),
                        List.of(new JobToppedUp(
                                order.task(), cap, Ath.ofWhole(1), 0, order.authorization(), order.at()))),
                "a higher cap needs a raised hold under its own signature");
        FundsHeld hold = DEMO.event(DEMO.first("account.FundsHeld"), FundsHeld.class);
        HoldRaised raised = new HoldRaised(
                hold.wallet(),
                hold.job(),
                hold.amount(),
                hold.amount().plus(Ath.ofWei(1)),
                hold.authorization(),
                hold.at());
        found(DEMO.with(DEMO.first("job.Assigned"), List.of(raised)), "was raised by 1 more than its tasks' caps");
    }

    @Test
    void aHoldForMoreTasksThanFollowIsFound() {
        int[] submitted = DEMO.places("job.Submitted");
        int last = submitted[submitted.length - 1];
        found(DEMO.without(last + 1).without(last), "has to be followed by its order's task 7");
    }

    @Test
    void aSignatureCountsOnceAndInTime() {
        int place = DEMO.first("machine.OfferListed");
        OfferListed offer = DEMO.event(place, OfferListed.class);
        found(atEnd(offer), "has been used before");
        DemoExport late = DEMO.forge(
                place,
                payload -> payload.put("at", offer.authorization().expiresAt().toString()));
        found(late, "the signature had expired");
    }

    @Test
    void whatWasNotCommittedToIsNotRevealed() {
        DemoExport forged =
                DEMO.forge(DEMO.first("round.ReportRevealed"), payload -> payload.put("salt", Hash32.ZERO.toString()));
        found(forged, "REVEAL_MISMATCH");
    }

    @Test
    void nobodyChoosesTheSaltsOfADraw() {
        RoundOpened round = round();
        String newest = Objects.requireNonNull(round.draw().saltsRound()).toString();
        assertThat(redrawn(round, newest, round.draw().salts()).replay().problems())
                .isEmpty();
        found(redrawn(round, "", Hash32.ZERO), "not those of the newest closed round");
        found(redrawn(round, "0.liveness.0.0", round.draw().salts()), "not those of the newest closed round");
    }

    /** The history itself holds the twin: nothing is found in it as it was written. */
    @Test
    void nobodyInventsACandidateOrItsStakeOrLeavesOneOut() {
        int[] opened = DEMO.places("epoch.Opened");
        int place = opened[opened.length - 1];
        assertThat(DEMO.event(place, EpochOpened.class).eligible()).hasSizeGreaterThan(1);
        String known = DEMO.event(place, EpochOpened.class)
                .eligible()
                .getFirst()
                .checker()
                .toString();
        found(
                candidates(place, list -> ((ObjectNode) list.get(0)).put("stake", "1")),
                known + " is not what its licence");
        found(candidates(place, list -> ((ObjectNode) list.get(0)).put("ownerGroup", "x")), known + " is not what its");
        found(candidates(place, list -> list.remove(0)), known + " is left out");
        found(candidates(place, list -> list.add(list.get(0))), "a candidate is listed twice");
        String invented = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
        found(
                candidates(
                        place,
                        list -> list.add(((ObjectNode) list.get(0)).deepCopy().put("checker", invented))),
                invented + " is not what its licence");
    }

    private static DemoExport candidates(int place, Consumer<ArrayNode> change) {
        return DEMO.forge(place, payload -> change.accept(payload.withArray("eligible")));
    }

    @Test
    void thoseWithAnInterestAreKeptOutAndNobodyElse() {
        int place = DEMO.first("round.Opened");
        DemoExport none = DEMO.forge(place, payload -> ((ObjectNode) payload.get("draw")).putArray("excludedGroups"));
        found(none, "those with an interest in a subject are");
        DemoExport more = DEMO.forge(
                place,
                payload -> ((ObjectNode) payload.get("draw"))
                        .withArray("excludedGroups")
                        .add("a rival"));
        found(more, "those with an interest in a subject are");
    }

    @Test
    void aSubjectIsWhatItsMachineSays() {
        DemoExport forged = DEMO.forge(
                DEMO.first("round.Opened"),
                payload -> ((ObjectNode) payload.get("subjects").get(0)).put("agentKey", Hash32.ZERO.toString()));
        found(forged, "is not what its own stream says");
    }

    @Test
    void windowsAreAsLongAsTheParametersSay() {
        int place = DEMO.first("round.Opened");
        RoundOpened opened = DEMO.event(place, RoundOpened.class);
        DemoExport forged = DEMO.forge(
                place,
                payload -> payload.put(
                        "commitFrom", opened.commitFrom().minusMillis(1).toString()));
        found(forged, "the windows are not as long");
    }

    @Test
    void aCertificateFollowsFromItsInspection() {
        DemoExport forged = DEMO.forge(DEMO.first("machine.Certified"), payload -> payload.put("score", 1));
        found(forged, "the inspection");
    }

    @Test
    void aMachineThatIsTooSmallDoesNotJoin() {
        int place = DEMO.first("machine.Enrolled");
        assertThat(DEMO.event(place, MachineEnrolled.class).inventory().gpus()).isNotEmpty();
        DemoExport forged = DEMO.forge(place, payload -> ((ObjectNode) payload.get("inventory")).put("cpuThreads", 0));
        found(forged, "HARDWARE_REQUIREMENT");
    }

    /** Scheduled before the verdicts are made: those of an earlier epoch keep the parameters of their epoch. */
    @Test
    void anEpochIsJudgedByItsOwnParametersWhateverIsInForceSince() {
        int assessed = DEMO.first("job.SlaAssessed");
        SlaAssessed verdict = DEMO.event(assessed, SlaAssessed.class);
        long judged = Objects.requireNonNull(verdict.assessment().round()).epoch();
        assertThat(withLowerFee(assessed, judged + 1).replay().problems())
                .extracting(Replay.Problem::what)
                .containsExactly(UNVOTED);
        found(withLowerFee(assessed, judged), "the rules give");
    }

    /** The twin, in which everybody voted for it, is {@code SimulationTest}'s. */
    @Test
    void nobodyChangesParametersThatNobodyVotedFor() {
        found(withLowerFee(DEMO.first("job.SlaAssessed"), 1_000), UNVOTED);
    }

    private static DemoExport withLowerFee(int place, long fromEpoch) {
        ParametersActivated first = DEMO.event(DEMO.first("protocol.ParametersActivated"), ParametersActivated.class);
        ProtocolParameters p = first.parameters();
        ProtocolParameters.Reward r = p.reward();
        ProtocolParameters lower = new ProtocolParameters(
                p.profile(),
                p.timing(),
                p.admission(),
                p.liveness(),
                p.sla(),
                p.committee(),
                new ProtocolParameters.Reward(
                        r.providerYearsPpm(),
                        r.providerReserve(),
                        r.checkerReserve(),
                        r.checkerBasePerDay(),
                        r.protocolFeeBps() / 2,
                        r.deliveryCapPpm(),
                        r.treasurySharePpm(),
                        r.modelPpm()),
                p.stake(),
                p.market());
        return DEMO.with(
                place,
                List.of(
                        new ParametersScheduled(2, lower, fromEpoch, first.at()),
                        new ParametersActivated(2, lower, fromEpoch, first.at())));
    }

    /** A machine's standing at the end of its epoch counts, not what became of it until the books were made. */
    @Test
    void aMachineThatChangesAfterItsEpochEarnsForItAllTheSame() {
        int[] opened = DEMO.places("epoch.Opened");
        int place = IntStream.of(opened)
                .filter(i -> i > DEMO.first("job.SlaAssessed"))
                .findFirst()
                .orElse(opened[opened.length - 1]);
        EpochOpened epoch = DEMO.event(place, EpochOpened.class);
        MachineWentOnline machine = DEMO.event(DEMO.first("machine.WentOnline"), MachineWentOnline.class);
        DemoExport offline =
                DEMO.with(place + 1, List.of(new MachineWentOffline(machine.machine(), "gone", epoch.at())));
        assertThat(offline.replay().problems())
                .extracting(Replay.Problem::what)
                .noneMatch(text -> text.contains("the rewards of epoch " + (epoch.epoch() - 1)));
    }

    /** The recorded history, with a pause in front of everything that lasts for so long. */
    private static List<String> problemsWithAPauseOf(Duration length) {
        NetworkBegun begun = DEMO.event(DEMO.first("protocol.NetworkBegun"), NetworkBegun.class);
        Instant at = begun.at().minus(Duration.ofHours(1));
        Wallet guardian = Wallet.parse("0x00000000000000000000000000000000000000cc");
        OfferListed any = DEMO.event(DEMO.first("machine.OfferListed"), OfferListed.class);
        NetworkPaused pause = new NetworkPaused(guardian, "a leak", at.plus(length), any.authorization(), at);
        return DEMO.with(DEMO.first("protocol.NetworkBegun") + 1, List.of(pause)).replay().problems().stream()
                .map(Replay.Problem::what)
                .filter(what -> what.contains("the network is paused"))
                .toList();
    }

    @Test
    void newWorkDuringAPauseIsFoundAndWorkAfterItIsNot() {
        int stopped = DEMO.places("job.Submitted").length
                + DEMO.places("machine.OfferListed").length
                + DEMO.places("job.Assigned").length
                + DEMO.places("account.WithdrawalRequested").length;
        assertThat(stopped).isGreaterThan(10);
        assertThat(problemsWithAPauseOf(Duration.ofDays(1))).hasSize(stopped);
        assertThat(problemsWithAPauseOf(Duration.ofMinutes(30))).isEmpty();
    }
}
