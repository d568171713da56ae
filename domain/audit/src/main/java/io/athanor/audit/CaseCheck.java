package io.athanor.audit;

import io.athanor.crypto.ReportSignatures;
import io.athanor.domain.account.AccountEvent.CaseBondHeld;
import io.athanor.domain.account.AccountEvent.CaseShareCredited;
import io.athanor.domain.account.AccountEvent.VestingSlashed;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Verdict;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.job.Job;
import io.athanor.domain.job.JobEvent.JobLost;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseDismissed;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.CaseEvent.PenaltyExecuted;
import io.athanor.domain.penalty.CaseEvent.PenaltyRaised;
import io.athanor.domain.penalty.CaseEvent.ReviewClosed;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.penalty.PenaltyCase;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.stake.Losses;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolEvent.PoolSlashed;
import io.athanor.domain.stake.StakePoolEvent.RedelegationSlashed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds every case against the history: the evidence is in it, nothing more is at risk than the schedule says, what was
 * given is what was taken, to whom the policy says, and every account got its share.
 */
final class CaseCheck implements Check {
    private final Map<RoundId, Map<String, Verdict>> verdicts = new HashMap<>();
    private final Map<LeaseId, LostLease> lost = new HashMap<>();
    private final Map<CaseId, Ath> taken = new HashMap<>();
    private final Map<CaseId, Ath> ofRewards = new HashMap<>();
    private final Map<CaseId, Map<Wallet, Ath>> losses = new HashMap<>();
    private final Map<CaseId, Map<Wallet, CaseBondHeld>> bonds = new HashMap<>();
    private final Map<CaseId, List<PenaltyShare>> owed = new HashMap<>();

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case RoundFinalized e -> remember(e);
            case JobLost e when e.ending() == Ending.MACHINE_OFFLINE -> lost(before, e);
            case CaseOpened e -> opened(before, e, problem);
            case PenaltyRaised e -> raised(before, e, problem);
            case CaseBondHeld e ->
                bonds.computeIfAbsent(e.penaltyCase(), id -> new HashMap<>()).put(e.wallet(), e);
            case AppealLodged e -> appealed(before, e, problem);
            case AppealDecided e -> decided(e, problem);
            case VestingSlashed e -> {
                vestingSlashed(before, e, problem);
                lost(e.penaltyCase(), Map.of(e.wallet(), e.taken()));
            }
            case PoolSlashed e -> {
                poolSlashed(before, e, problem);
                lost(e.penaltyCase(), Losses.of(before.pools.getOrDefault(e.pool(), StakePool.EMPTY), e));
            }
            case RedelegationSlashed e -> {
                taken.merge(e.penaltyCase(), e.taken(), Ath::plus);
                lost(e.penaltyCase(), Map.of(e.delegator(), e.taken()));
            }
            case PenaltyExecuted e -> executed(before, e, problem);
            case CaseDismissed e -> dismissed(before, e);
            case ReviewClosed e -> reviewed(before, e, problem);
            case CaseShareCredited e -> credited(e, problem);
            default -> {
                // No part of a case.
            }
        }
    }

    private void remember(RoundFinalized e) {
        Map<String, Verdict> bySubject = new HashMap<>();
        e.verdicts().forEach(verdict -> bySubject.put(verdict.subject(), verdict));
        verdicts.put(e.round(), bySubject);
    }

    private void opened(World before, CaseOpened e, Consumer<String> problem) {
        switch (e.offence()) {
            case Equivocation proof -> signed(before, proof, problem);
            case Downtime outage -> {
                outage.rounds().forEach(round -> found(round, outage.machine().toString(), Fact.OFFLINE, problem));
                outage.leases().stream()
                        .filter(lease -> !lease.equals(lost.get(lease.lease())))
                        .forEach(lease -> problem.accept("no outage ended " + lease));
                required(before, outage, problem);
            }
            case Dispute d -> {
                // FirstInstanceCheck holds it against the delivery.
            }
            case Counterfeit c -> {
                found(c.round(), c.machine().toString(), Fact.COUNTERFEIT, problem);
                counterfeit(before, c, problem);
            }
            case FailedCanary c -> bySeat(before, c.report(), c.accused(), problem);
            // The receipt and the plan are looked at by the check of canaries.
            case FalseResult c -> {}
            // RefutationCheck holds it against the batch and the order.
            case RefutedMatch c -> {}
        }
        within(before, e.offence(), false, e.rateBps(), e.amount(), e.offenceDay(), e.at(), problem);
        int version =
                PenaltyPolicy.versionOf(e.offence(), before.protocol.current().parameters());
        if (e.formulaVersion() != version) {
            problem.accept("penalties follow version " + version + " now");
        }
    }

    private void lost(World before, JobLost e) {
        if (before.task(e.task()) instanceof Job.Leased leased) {
            lost.put(e.lease(), LostLease.of(leased, e));
        }
    }

    private static void required(World before, Downtime outage, Consumer<String> problem) {
        Ath required = Downtime.of(
                        outage.accused(),
                        outage.machine(),
                        outage.since(),
                        outage.leases(),
                        gpus -> PenaltyPolicy.required(
                                before.machine(outage.machine()),
                                gpus,
                                before.protocol.current().parameters()),
                        outage.rounds(),
                        outage.judges())
                .required();
        if (!required.equals(outage.required())) {
            problem.accept("the leased GPUs require " + required + " of stake, not " + outage.required());
        }
    }

    private static void counterfeit(World before, Counterfeit offence, Consumer<String> problem) {
        Machine machine = before.machine(offence.machine());
        Inventory inventory = machine.inventory();
        int gpus = inventory == null ? 0 : inventory.gpus().size();
        Ath required =
                PenaltyPolicy.required(machine, gpus, before.protocol.current().parameters());
        if (!required.equals(offence.required())) {
            problem.accept("the claim requires " + required + " of stake, not " + offence.required());
        }
        List<String> judges = Seat.voices(before.round(offence.round()).known().committee());
        if (!judges.equals(offence.judges())) {
            problem.accept("who judged in " + offence.round() + " are " + judges);
        }
    }

    private void found(RoundId round, String subject, Fact fact, Consumer<String> problem) {
        Verdict verdict = verdicts.getOrDefault(round, Map.of()).get(subject);
        if (verdict == null || verdict.fact() != fact) {
            problem.accept("round " + round + " did not find " + subject + " " + fact);
        }
    }

    private static void signed(World before, Equivocation proof, Consumer<String> problem) {
        bySeat(before, proof.one(), proof.accused(), problem);
        bySeat(before, proof.other(), proof.accused(), problem);
    }

    /** The report is signed by the key that the accused had in the round's committee. */
    private static void bySeat(World before, SignedReport report, PoolId accused, Consumer<String> problem) {
        Wallet attester = before.round(report.report().round()).known().committee().stream()
                .filter(seat -> seat.checker().equals(accused.operator()))
                .map(Seat::attester)
                .findFirst()
                .orElse(Wallet.ZERO);
        var network = before.protocol.network();
        boolean holds = network != null
                && ReportSignatures.isBy(
                        attester, report, new SigningDomain(network.chainId(), network.settlementLog()));
        if (!holds) {
            problem.accept("a report is not signed by " + attester);
        }
    }

    private static void raised(World before, PenaltyRaised e, Consumer<String> problem) {
        PenaltyCase state = before.penaltyCase(e.id());
        CaseOpened opened = state.known();
        within(
                before,
                opened.offence(),
                state.isAuthorised(),
                e.rateBps(),
                e.amount(),
                opened.offenceDay(),
                e.at(),
                problem);
    }

    /** The network may ask for less (an outage that ended, a limit of the month), never for more. */
    private static void within(
            World before,
            Offence offence,
            boolean authorised,
            long rateBps,
            Ath amount,
            long offenceDay,
            Instant at,
            Consumer<String> problem) {
        ProtocolParameters parameters = before.protocol.current().parameters();
        long most = before.schedules().rateBps(offence, null, at, parameters);
        if (rateBps > most) {
            problem.accept("the schedule gives at most " + most + " bps");
        }
        StakePool pool = before.pools.getOrDefault(offence.accused(), StakePool.EMPTY);
        Ath due = PenaltyPolicy.amount(offence, rateBps, pool.atRisk(offenceDay));
        Ath limit = authorised || offence instanceof Dispute
                ? due
                : PenaltyPolicy.uncommitteedMost(pool.atRisk(offenceDay), Ath.ZERO, parameters);
        if (!due.min(limit).covers(amount)) {
            problem.accept("at most " + due.min(limit) + " is at risk");
        }
    }

    /** The operator's vesting rewards answer before any stake, for the whole penalty. */
    private void vestingSlashed(World before, VestingSlashed e, Consumer<String> problem) {
        PenaltyCase state = before.penaltyCase(e.penaltyCase());
        CaseOpened opened = state.opened();
        if (opened == null || !opened.offence().accused().operator().equals(e.wallet())) {
            problem.accept("no case accuses " + e.wallet());
        } else if (!e.asked().equals(state.amount())) {
            problem.accept("the penalty is " + state.amount() + ", not " + e.asked());
        }
        ofRewards.put(e.penaltyCase(), e.taken());
        taken.merge(e.penaltyCase(), e.taken(), Ath::plus);
    }

    private void poolSlashed(World before, PoolSlashed e, Consumer<String> problem) {
        taken.merge(e.penaltyCase(), e.taken(), Ath::plus);
        PenaltyCase state = before.penaltyCase(e.penaltyCase());
        CaseOpened opened = state.opened();
        if (opened == null || !PenaltyPolicy.takesRewardsFirst(opened.formulaVersion())) {
            return;
        }
        Ath first = ofRewards.get(e.penaltyCase());
        if (first == null) {
            problem.accept("stake is slashed before what its operator has vesting");
        } else if (!e.asked().plus(first).equals(state.amount())) {
            problem.accept("the penalty is " + state.amount() + ", rewards gave " + first);
        }
    }

    private void appealed(World before, AppealLodged e, Consumer<String> problem) {
        CaseBondHeld bond =
                bonds.getOrDefault(e.id(), Map.of()).get(e.authorization().wallet());
        boolean held = bond != null
                && bond.amount().equals(e.bond())
                && bond.authorization().equals(e.authorization());
        if (!held) {
            problem.accept("the appeal's bond is not held");
        }
        ProtocolParameters.Timing timing =
                before.protocol.current().parameters().timing();
        long days =
                before.protocol.current().parameters().accountable().penalties().appealDays();
        if (!e.decideBy().equals(e.at().plusMillis(days * timing.dayMillis()))) {
            problem.accept("an appeal is decided within " + days + " days");
        }
        Ath least = PenaltyPolicy.appealBond(
                before.penaltyCase(e.id()).amount(), before.protocol.current().parameters());
        if (!e.bond().covers(least)) {
            problem.accept("the bond is at least " + least);
        }
    }

    private void decided(AppealDecided e, Consumer<String> problem) {
        Verdict verdict = verdicts.getOrDefault(e.round(), Map.of()).get(e.id().toString());
        Fact fact = verdict == null ? null : verdict.fact();
        Ruling ruling = fact == Fact.UPHELD ? Ruling.UPHELD : fact == Fact.REFUTED ? Ruling.REVERSED : Ruling.HUNG;
        if (ruling != e.ruling()) {
            problem.accept("round " + e.round() + " came to " + ruling);
        }
    }

    private void executed(World before, PenaltyExecuted e, Consumer<String> problem) {
        var state = before.penaltyCase(e.id());
        if (!taken.getOrDefault(e.id(), Ath.ZERO).equals(e.taken())) {
            problem.accept("rewards and pools lost " + taken.getOrDefault(e.id(), Ath.ZERO));
        }
        var by = state.known().authorization();
        List<PenaltyShare> policy = PenaltyPolicy.split(
                state.known().offence(),
                e.taken(),
                by == null || e.shares().stream().noneMatch(s -> s.kind() == PenaltyShare.Kind.REPORTER)
                        ? null
                        : by.wallet(),
                before.protocol.current().parameters());
        List<PenaltyShare> all = new ArrayList<>(policy);
        all.addAll(PenaltyPolicy.bonds(state, true));
        if (!e.shares().equals(all)) {
            problem.accept("the policy gives " + all);
        }
        owe(e.id(), e.shares());
    }

    private void lost(CaseId id, Map<Wallet, Ath> lines) {
        Map<Wallet, Ath> known = losses.computeIfAbsent(id, of -> new HashMap<>());
        lines.forEach((wallet, line) -> known.merge(wallet, line, Ath::plus));
    }

    private void reviewed(World before, ReviewClosed e, Consumer<String> problem) {
        List<PenaltyShare> due =
                PenaltyPolicy.review(before.penaltyCase(e.id()), losses.getOrDefault(e.id(), Map.of()));
        if (!e.shares().equals(due)) {
            problem.accept("who lost by the penalty gets " + due);
        }
        owe(e.id(), e.shares());
    }

    private void dismissed(World before, CaseDismissed e) {
        owe(e.id(), PenaltyPolicy.bonds(before.penaltyCase(e.id()), false));
    }

    private void owe(CaseId id, List<PenaltyShare> shares) {
        owed.put(id, new ArrayList<>(shares));
    }

    private void credited(CaseShareCredited e, Consumer<String> problem) {
        List<PenaltyShare> open = owed.getOrDefault(e.penaltyCase(), new ArrayList<>());
        for (PenaltyShare share : open) {
            if (e.wallet().equals(share.to()) && share.amount().equals(e.amount())) {
                open.remove(share);
                return;
            }
        }
        problem.accept("the case owes " + e.wallet() + " no " + e.amount());
    }
}
