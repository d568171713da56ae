package io.athanor.domain.penalty;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.ModelWeight;
import io.athanor.domain.penalty.CaseCommand.Ruling;
import io.athanor.domain.penalty.CaseEvent.AppealDecided;
import io.athanor.domain.penalty.CaseEvent.AppealLodged;
import io.athanor.domain.penalty.CaseEvent.CaseJudged;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.Offence.LostLease;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.penalty.PenaltyShare.Kind;
import io.athanor.domain.protocol.Accountability.Penalties;
import io.athanor.domain.protocol.Accountability.Shares;
import io.athanor.domain.protocol.Economy.Earnings;
import io.athanor.domain.protocol.ProtocolParameters;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an offence costs, who may still be charged how much, and who gets it. Amounts in wei, rates in bps.
 *
 * <p>Invariant: a pure function of its arguments; penalties round up (against the slashed), shares round down and the
 * treasury gets the rest, so the shares add up to what was taken. Source: the bands are those of DBC's downtime table.
 */
public final class PenaltyPolicy {
    /** A penalty takes stake alone. */
    public static final int STAKE_ALONE = 1;
    /** A penalty takes what the operator has vesting before it takes stake. */
    public static final int REWARDS_FIRST = 2;
    /** As version 1, and what a lease's penalty is a share of, and at which rate, is what its agreement says. */
    public static final int AGREED_STAKE_ALONE = 3;
    /** As version 2, and what a lease's penalty is a share of, and at which rate, is what its agreement says. */
    public static final int AGREED_REWARDS_FIRST = 4;

    private static final long BPS = 10_000;
    private static final long PPM = 1_000_000;
    /** From the third failed canary in a month on, the higher rate is due. */
    private static final int CANARIES_THAT_REPEAT = 3;

    private PenaltyPolicy() {}

    /** The version that a case of this offence which opens now follows to its end. */
    public static int versionOf(Offence offence, ProtocolParameters parameters) {
        Earnings earnings = parameters.economics().earnings();
        boolean rewards = earnings != null && Boolean.TRUE.equals(earnings.slashedFirst());
        boolean agreed = offence instanceof Downtime outage && outage.isAgreed()
                || offence instanceof FalseResult result && result.parameters() != null;
        return agreed ? rewards ? AGREED_REWARDS_FIRST : AGREED_STAKE_ALONE : rewards ? REWARDS_FIRST : STAKE_ALONE;
    }

    /** Whether there is such a version. */
    public static boolean isVersion(int version) {
        return version >= STAKE_ALONE && version <= AGREED_REWARDS_FIRST;
    }

    /** Whether a penalty of this version takes what the operator has vesting before it takes stake. */
    public static boolean takesRewardsFirst(int version) {
        return version == REWARDS_FIRST || version == AGREED_REWARDS_FIRST;
    }

    /**
     * The rate of an offence under these parameters as of now, whatever a lease's agreement says ({@link DowntimeSchedules}
     * asks it); 0 where nothing is due yet.
     *
     * @param ended when an outage ended, null while it goes on
     */
    public static long rateBps(Offence offence, @Nullable Instant ended, Instant now, ProtocolParameters parameters) {
        Penalties rules = parameters.accountable().penalties();
        return switch (offence) {
            case Equivocation e -> rules.checkers().equivocationBps();
            case Counterfeit e -> BPS;
            case Dispute e -> BPS;
            case FalseResult e -> BPS;
            case FailedCanary e ->
                e.earlier() + 1 >= CANARIES_THAT_REPEAT
                        ? rules.checkers().repeatBps()
                        : rules.checkers().canaryBps();
            case RefutedMatch e -> {
                Long bps = rules.checkers().refutedMatchBps();
                yield bps == null ? 0 : bps;
            }
            case Downtime e -> DowntimeSchedule.of(parameters).bps(length(e, ended, now));
        };
    }

    /** Failed canaries from this moment on count towards the higher rate. */
    public static Instant canariesFrom(Instant now, ProtocolParameters parameters) {
        long days = parameters.accountable().penalties().checkers().repeatDays();
        return now.minusMillis(days * parameters.timing().dayMillis());
    }

    /** From its beginning until the machine is back or the last lease's agreed end, whichever is first. */
    public static Duration length(Downtime outage, @Nullable Instant ended, Instant now) {
        Instant until = ended == null ? now : ended;
        Instant agreed = outage.leases().stream()
                .map(LostLease::agreedEnd)
                .max(Instant::compareTo)
                .orElse(until);
        Duration length = Duration.between(outage.since(), until.isBefore(agreed) ? until : agreed);
        return length.isNegative() ? Duration.ZERO : length;
    }

    /** Whether the highest rate is reached, so that waiting for the end of the outage changes nothing. */
    public static boolean isTop(Offence offence, long bps, ProtocolParameters parameters) {
        return switch (offence) {
            case Equivocation e -> true;
            case Counterfeit e -> true;
            case Dispute e -> true;
            case FalseResult e -> true;
            case FailedCanary e -> true;
            case RefutedMatch e -> true;
            case Downtime e -> bps >= DowntimeSchedule.of(parameters).topBps();
        };
    }

    /** Stake that is required for so many GPUs of a machine: their part of its weight, times the unit an H100 needs. */
    public static Ath required(Machine machine, int gpus, ProtocolParameters parameters) {
        Inventory inventory = machine.inventory();
        if (inventory == null) {
            return Ath.ZERO;
        }
        long weight = ModelWeight.ppm(machine, parameters.reward().modelPpm());
        return parameters
                .stake()
                .providerPerGpu()
                .share(weight * gpus, PPM * inventory.gpus().size());
    }

    /**
     * Stake that is required for these GPUs of a machine: what they weigh where the network has fixed K of each one's model,
     * and their part of the machine's weight otherwise.
     *
     * @param gpus their UUIDs
     */
    public static Ath required(Machine machine, List<String> gpus, ProtocolParameters parameters) {
        Inventory inventory = machine.inventory();
        long weight = 0;
        int found = 0;
        for (Inventory.Gpu gpu : inventory == null ? List.<Inventory.Gpu>of() : inventory.gpus()) {
            if (gpus.contains(gpu.uuid())) {
                Long k = ModelWeight.of(gpu.model(), parameters.reward().modelPpm());
                if (k == null) {
                    return required(machine, gpus.size(), parameters);
                }
                weight += k;
                found++;
            }
        }
        return found == gpus.size()
                ? parameters.stake().providerPerGpu().share(weight, PPM)
                : required(machine, gpus.size(), parameters);
    }

    /**
     * The penalty.
     *
     * @param atRisk what the pool can lose for this offence
     */
    public static Ath amount(Offence offence, long bps, Ath atRisk) {
        Ath base = switch (offence) {
            case Equivocation e -> atRisk;
            case Counterfeit e -> e.required();
            case FalseResult e -> e.required();
            case FailedCanary e -> atRisk;
            case RefutedMatch e -> atRisk;
            case Downtime e -> e.required();
            case Dispute e -> e.bill();
        };
        return up(base, bps).min(atRisk);
    }

    private static Ath up(Ath base, long bps) {
        BigInteger scaled = base.wei().multiply(BigInteger.valueOf(bps));
        BigInteger[] parts = scaled.divideAndRemainder(BigInteger.valueOf(BPS));
        return new Ath(parts[0].add(BigInteger.valueOf(parts[1].signum())));
    }

    /**
     * What may be taken where no large committee authorised it.
     *
     * @param atRisk what the pool can lose
     * @param takenBefore by such penalties within the window of days
     */
    public static Ath uncommitteedMost(Ath atRisk, Ath takenBefore, ProtocolParameters parameters) {
        Ath most = atRisk.plus(takenBefore)
                .bps(parameters.accountable().penalties().uncommitteed().bps());
        return most.covers(takenBefore) ? most.minus(takenBefore) : Ath.ZERO;
    }

    /** What a client puts at stake with its dispute. */
    public static Ath disputeDeposit(Ath bill, ProtocolParameters parameters) {
        var deposits = parameters.accountable().penalties().deposits();
        Ath share = up(bill, deposits.disputeBps());
        return share.covers(deposits.disputeLeast()) ? share : deposits.disputeLeast();
    }

    /** What an appellant puts at stake. */
    public static Ath appealBond(Ath amount, ProtocolParameters parameters) {
        var deposits = parameters.accountable().penalties().deposits();
        Ath share = up(amount, deposits.appealBps());
        return share.covers(deposits.appealLeast()) ? share : deposits.appealLeast();
    }

    /**
     * Who gets what was taken.
     *
     * @param reporter outside the accused's owner group, null where there is none; a client who disputes is none
     */
    public static List<PenaltyShare> split(
            Offence offence, Ath taken, @Nullable Wallet reporter, ProtocolParameters parameters) {
        Shares rules = parameters.accountable().penalties().shares();
        List<PenaltyShare> shares = new ArrayList<>();
        if (offence instanceof Downtime outage) {
            clients(outage, taken.bps(rules.clientBps()), shares);
        } else if (offence instanceof Dispute dispute) {
            add(shares, Kind.CLIENT, dispute.client(), taken.min(dispute.bill()));
        }
        if (reporter != null && !(offence instanceof Dispute)) {
            long bps = offence instanceof Equivocation ? rules.proofReporterBps() : rules.reporterBps();
            add(shares, Kind.REPORTER, reporter, taken.bps(bps));
        }
        Ath given = Ath.sum(shares.stream().map(PenaltyShare::amount).toList());
        add(shares, Kind.TREASURY, null, taken.minus(given));
        return List.copyOf(shares);
    }

    /**
     * Who gets what when an appeal against an executed penalty is decided: the appellant its bond unless the appeal was
     * refused, and where it was reversed everybody what it lost.
     *
     * @param losses of the case, by wallet
     */
    public static List<PenaltyShare> review(PenaltyCase state, Map<Wallet, Ath> losses) {
        boolean overturned = state.stage() == PenaltyCase.Stage.OVERTURNED;
        List<PenaltyShare> shares = new ArrayList<>();
        if (overturned) {
            new TreeMap<>(losses).forEach((wallet, lost) -> add(shares, Kind.RESTITUTION, wallet, lost));
        }
        bond(state, overturned, shares);
        return List.copyOf(shares);
    }

    private static void bond(PenaltyCase state, boolean kept, List<PenaltyShare> shares) {
        AppealLodged appeal = state.appeal();
        AppealDecided decision = state.decision();
        if (appeal != null) {
            boolean back = kept || decision != null && decision.ruling() == Ruling.HUNG;
            add(shares, Kind.BOND, back ? appeal.authorization().wallet() : null, appeal.bond());
        }
    }

    /**
     * Who gets what the parties put up, when a case is over. The appellant gets its bond back unless its appeal was refused;
     * a client its deposit unless a committee refused the dispute: then it is the provider's.
     *
     * @param executed whether the penalty is executed; otherwise the case is dismissed
     */
    public static List<PenaltyShare> bonds(PenaltyCase state, boolean executed) {
        List<PenaltyShare> shares = new ArrayList<>();
        bond(state, !executed, shares);
        if (state.known().offence() instanceof Dispute dispute) {
            CaseJudged judged = state.judgement();
            boolean refused = !executed && judged != null && judged.ruling() != Ruling.HUNG;
            Wallet to = refused ? dispute.accused().operator() : dispute.client();
            add(shares, Kind.DEPOSIT, to, dispute.deposit());
        }
        return List.copyOf(shares);
    }

    /** Each client its bill at most, and of {@code pot} at most its bill's part. */
    private static void clients(Downtime outage, Ath pot, List<PenaltyShare> shares) {
        Ath bills = Ath.sum(outage.leases().stream().map(LostLease::bill).toList());
        for (LostLease lease : outage.leases()) {
            if (!bills.isZero()) {
                Ath part = pot.share(lease.bill().wei(), bills.wei()).min(lease.bill());
                add(shares, Kind.CLIENT, lease.client(), part);
            }
        }
    }

    private static void add(List<PenaltyShare> shares, Kind kind, @Nullable Wallet to, Ath amount) {
        if (!amount.isZero()) {
            shares.add(new PenaltyShare(kind, to, amount));
        }
    }
}
