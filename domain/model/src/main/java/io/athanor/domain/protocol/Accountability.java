package io.athanor.domain.protocol;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolParameters.Jail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows when a party does not do what it promised. Durations called days are settlement days, so that a profile
 * with short days shortens them too; rates in bps, quality and uptime in ppm.
 *
 * @param canaries null in networks without a mystery shopper
 */
public record Accountability(
        Jail jail,
        Standing standing,
        Credits credits,
        Penalties penalties,
        @Nullable Canaries canaries) {
    /** Without a mystery shopper. */
    public Accountability(Jail jail, Standing standing, Credits credits, Penalties penalties) {
        this(jail, standing, credits, penalties, null);
    }

    /**
     * Who orders jobs with known answers, on the protocol's account.
     *
     * @param most jobs of one epoch
     * @param budget that the treasury pays back for one epoch's at most, in wei
     * @param vetting what a result needs before it accuses a machine; null in parameters from before it needed anything beside
     *     the shopper's word
     */
    public record Canaries(
            Wallet shopper, int most, Ath budget, @Nullable Vetting vetting) {}

    /**
     * When another result than the known one is a machine's doing, and not the order's.
     *
     * @param images by digest: what they give follows from the order alone, on whatever machine and whenever it runs
     * @param witnesses how many owner groups beside the machine's own must have given the known result of the same order
     * @param rerunPpm share of what clients had of these images that the shopper orders once more
     * @param reruns of one epoch at most
     */
    public record Vetting(List<Sha256> images, int witnesses, long rerunPpm, int reruns) {
        public Vetting {
            images = List.copyOf(images);
        }

        /** Whether an order's image, {@code host/name@sha256:<digest>}, is one of them. */
        public boolean isOf(String image) {
            return images.stream().anyMatch(digest -> image.endsWith("@" + digest));
        }
    }

    /** The rules of a network whose parameters do not state them. */
    public static final Accountability STANDARD = new Accountability(
            new Jail(7, 2, 500, 30, 1_000),
            new Standing(900_000, 700_000, 3, 3, 30, 7, 7, List.of(1, 1, 1, 1)),
            new Credits(3_600_000, 1_000),
            new Penalties(
                    Schedule.GRADED,
                    List.of(
                            new Band(180_000, 400),
                            new Band(420_000, 800),
                            new Band(172_800_000, 6_000),
                            new Band(432_000_000, 10_000)),
                    3_333,
                    new CaseCommittee(15, 11, 21, 15, 36),
                    2,
                    7,
                    new Deposits(1_000, Ath.ofWhole(100), 500, Ath.ofWhole(1)),
                    new CheckerFaults(500, 100, 500, 30, 500L),
                    new Uncommitteed(1_000, 30),
                    new Shares(1_000, 2_000, 500),
                    new Outage(1_000, 500, 3, 120_000)));

    /**
     * When a provider gets less work, none, and work again.
     *
     * @param throttlePpm below this share of the quality its tier expects its score weight is halved
     * @param suspendPpm below this over {@code suspendDays} it is suspended
     * @param cutOffSuspensions suspensions within {@code cutOffDays} that cut it off
     * @param cleanDays after which a suspended provider may come back
     * @param probationDays that begin with a machine's first certificate
     * @param exponents of uptime, completion, latency and response in the quality, each 0 to 4
     * @param expels whether counterfeit hardware ends all work of its owner; null where it does not
     * @param probationPpm of its capacity's reward that a machine gets on probation; null where it gets all of it
     * @param lookedPpm of a settlement day's probes that make it one on which committees looked; null in networks that began
     *     before it was stated, whose days keep to the first version of the quality
     * @param idleLeast machines with work of others' that make a network's median, which counts as the completion of those
     *     without; null where idle machines are whole and owners' own work counts as any
     */
    public record Standing(
            long throttlePpm,
            long suspendPpm,
            int suspendDays,
            int cutOffSuspensions,
            int cutOffDays,
            int cleanDays,
            int probationDays,
            List<Integer> exponents,
            @Nullable Long probationPpm,
            @Nullable Boolean expels,
            @Nullable Long lookedPpm,
            @Nullable Integer idleLeast) {
        /** Of the first version, without a probation and expulsions. */
        public Standing(
                long throttlePpm,
                long suspendPpm,
                int suspendDays,
                int cutOffSuspensions,
                int cutOffDays,
                int cleanDays,
                int probationDays,
                List<Integer> exponents) {
            this(
                    throttlePpm,
                    suspendPpm,
                    suspendDays,
                    cutOffSuspensions,
                    cutOffDays,
                    cleanDays,
                    probationDays,
                    exponents,
                    null,
                    null,
                    null,
                    null);
        }

        public Standing {
            exponents = List.copyOf(exponents);
        }
    }

    /** From {@code from} on, in ms, {@code bps} are due. */
    public record Band(long from, long bps) {}

    /**
     * What a client gets back of its bill where a deadline was missed.
     *
     * @param startFreeMillis run time that is free where the task started too late
     * @param finishBps back where it ended too late
     */
    public record Credits(long startFreeMillis, long finishBps) {}

    /** How downtime is penalised. */
    public enum Schedule {
        /** By bands of its duration; the higher band replaces the lower. */
        GRADED,
        /** A flat share for each settlement period begun. */
        FLAT
    }

    /**
     * Penalty cases.
     *
     * @param downtime of the graded schedule, shortest first, of the leased GPUs' required stake
     * @param flatBps of the flat schedule, a settlement period
     * @param stayDays between the end of an outage and the execution
     * @param appealDays in which an appeal must be decided
     */
    public record Penalties(
            Schedule schedule,
            List<Band> downtime,
            long flatBps,
            CaseCommittee committee,
            int stayDays,
            int appealDays,
            Deposits deposits,
            CheckerFaults checkers,
            Uncommitteed uncommitteed,
            Shares shares,
            Outage outage) {
        public Penalties {
            downtime = List.copyOf(downtime);
        }
    }

    /**
     * Committees of cases.
     *
     * @param full how many eligible checkers make both committees whole; smaller networks scale
     */
    public record CaseCommittee(int slashSeats, int slashQuorum, int appealSeats, int appealQuorum, int full) {}

    /** What an appeal or a client's dispute puts at stake: a share of the amount, at least {@code …Least}. */
    public record Deposits(long appealBps, Ath appealLeast, long disputeBps, Ath disputeLeast) {}

    /**
     * Checkers' offences, of their pool; {@code repeatBps} from the third failed canary in {@code repeatDays}.
     *
     * @param refutedMatchBps for a signature under a batch with a match that the contract refuted; null where that costs
     *     nothing
     */
    public record CheckerFaults(
            long equivocationBps,
            long canaryBps,
            long repeatBps,
            int repeatDays,
            @Nullable Long refutedMatchBps) {}

    /** The most that one pool loses within {@code days} where no large committee could be drawn. */
    public record Uncommitteed(long bps, int days) {}

    /** Who gets a penalty, after the client's refund; the treasury gets the rest. */
    public record Shares(long clientBps, long reporterBps, long proofReporterBps) {}

    /** When machines that drop together are nobody's fault. */
    public record Outage(long regionBps, long networkBps, int least, long withinMillis) {}
}
