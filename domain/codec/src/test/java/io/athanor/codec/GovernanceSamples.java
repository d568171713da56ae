package io.athanor.codec;

import io.athanor.domain.account.AccountEvent.CanariesCredited;
import io.athanor.domain.account.AccountEvent.DepositLodged;
import io.athanor.domain.account.AccountEvent.DepositReturned;
import io.athanor.domain.account.AccountEvent.GrantCredited;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.canary.Undelivered;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.PowerLine;
import io.athanor.domain.governance.ProposalEvent.ProposalCancelled;
import io.athanor.domain.governance.ProposalEvent.ProposalDefeated;
import io.athanor.domain.governance.ProposalEvent.ProposalExecuted;
import io.athanor.domain.governance.ProposalEvent.ProposalQueued;
import io.athanor.domain.governance.ProposalEvent.ProposalSubmitted;
import io.athanor.domain.governance.ProposalEvent.ProposalTallied;
import io.athanor.domain.governance.ProposalEvent.ReadinessReported;
import io.athanor.domain.governance.ProposalEvent.VoteCast;
import io.athanor.domain.governance.ProposalEvent.VotingExtended;
import io.athanor.domain.governance.ProposalEvent.VotingOpened;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Readiness;
import io.athanor.domain.governance.Tally;
import io.athanor.domain.protocol.Economy;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolEvent.CommunityFundsGranted;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.NodeRegistered;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeActivated;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeCancelled;
import io.athanor.domain.protocol.ProtocolEvent.UpgradePostponed;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import java.util.List;

/** One valid event of every type about votes, for the golden files. */
final class GovernanceSamples {
    private GovernanceSamples() {}

    static List<Event> all() {
        Samples samples = new Samples(9);
        Instant at = Samples.at(1_234);
        Ath amount = Ath.ofWei(1_234_567_890_123_456_789L);
        Wallet wallet = samples.wallet();
        ProposalId id = new ProposalId(samples.uuid());
        Authorization signed = samples.authorization(wallet);
        Measure grant = new Measure.FundCommunity(
                wallet, "a public dashboard", List.of(new Measure.Milestone("design", amount, 0)));
        Tally tally = new Tally(amount, Ath.ofWei(1), Ath.ofWei(2), Ath.ofWei(3), amount.plus(amount));
        return List.of(
                new DepositLodged(wallet, id, amount, signed, at),
                new DepositReturned(wallet, id, amount, at),
                new CanariesCredited(wallet, 12, amount, at),
                new GrantCredited(wallet, id, 1, amount, at),
                new ProposalSubmitted(
                        id,
                        wallet,
                        "Fund a dashboard",
                        grant,
                        amount,
                        amount,
                        Economy.STANDARD.governance(),
                        12,
                        14,
                        signed,
                        at),
                new VotingOpened(id, amount, 21, at),
                new VoteCast(
                        id,
                        wallet,
                        Tally.Choice.FOR,
                        List.of(new PowerLine(PoolId.ofChecker(wallet), amount, Ath.ofWei(4))),
                        signed,
                        at),
                new VotingExtended(id, 23, at),
                new ProposalTallied(id, tally, Tally.Result.PASSED, at),
                new ProposalQueued(id, 25, at),
                new ProposalDefeated(id, Tally.Result.VETOED, amount, at),
                new ProposalExecuted(id, 25, at),
                new ProposalCancelled(id, "version 3 is in force by now", at),
                new CommunityFundsGranted(id, 1, wallet, amount, at),
                new UpgradeAnnounced(id, "0.2.0", samples.sha256(), 400, at),
                new ReadinessReported(
                        id,
                        StreamId.of(StreamId.CHECKER, wallet),
                        samples.sha256(),
                        samples.authorization(wallet).signature(),
                        at),
                new UpgradeActivated(id, "0.2.0", samples.sha256(), 401, READY, at),
                new UpgradePostponed(id, 401, 407, READY, READY.says(6_667), at),
                new UpgradeCancelled(id, 413, READY, READY.says(6_667), at),
                new CanariesCommitted(12, samples.sha256(), signed, at),
                opened(samples, amount, signed, at),
                new NetworkPaused(wallet, "a leak in the verifier", at.plusSeconds(60), signed, at),
                new NodeRegistered(samples.wallet(), true, signed, at));
    }

    private static final Readiness READY = new Readiness(1_250_000, 5_000_000, Ath.ofWhole(20), Ath.ofWhole(70));

    private static CanariesOpened opened(Samples samples, Ath amount, Authorization signed, Instant at) {
        return new CanariesOpened(
                plan(samples),
                List.of(new Ordered(0, samples.task()), Ordered.never(1, "no deposit")),
                amount,
                List.of(new Undelivered(new LeaseId(samples.task(), 1), samples.machine())),
                List.of(new Rerun(samples.task(), samples.task(), null, "no deposit")),
                List.of(samples.sha256()),
                signed,
                at);
    }

    private static CanaryPlan plan(Samples samples) {
        return new CanaryPlan(
                12,
                samples.hash(),
                List.of(new Plant(samples.wallet(), samples.spec(), Fact.DELIVERED, samples.hash())));
    }
}
