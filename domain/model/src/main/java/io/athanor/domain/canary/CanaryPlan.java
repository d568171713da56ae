package io.athanor.domain.canary;

import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobSpec;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the mystery shopper orders in one epoch, and what is true of it. The digest of the plan is published before the
 * epoch, the plan itself when everything in it is settled.
 *
 * <p>Invariant: when each job is ordered follows from the seed and from a block that came after the commitment, so neither the
 * shopper nor anybody who reads the chain chooses it.
 *
 * @param seed 32 random bytes: without them nobody finds the plan from its digest
 * @param spares fresh wallets, two for each delivery of the epoch that may be drawn to run again; null in plans from before any
 *     was
 */
public record CanaryPlan(
        long epoch,
        Hash32 seed,
        List<Plant> plants,
        @Nullable List<Wallet> spares) {
    private static final Hash32 TAG = Hash32.keccak("athanor.canary.v1".getBytes(StandardCharsets.UTF_8));
    private static final Abi.Layout SCHEDULE =
            Abi.Layout.of("bytes32 tag", "bytes32 seed", "bytes32 blockHash", "uint256 plant");
    /** Orders are made in this part of an epoch, so that short ones end in it. */
    private static final long ORDERED_WITHIN_PERCENT = 60;

    public CanaryPlan {
        plants = List.copyOf(plants);
        spares = spares == null ? null : List.copyOf(spares);
    }

    /** Of known answers alone. */
    public CanaryPlan(long epoch, Hash32 seed, List<Plant> plants) {
        this(epoch, seed, plants, null);
    }

    /** Wallets for re-runs, none in plans from before there were any. */
    List<Wallet> wallets() {
        return spares == null ? List.of() : spares;
    }

    /**
     * One job with a known answer.
     *
     * @param client a fresh wallet that orders nothing else
     * @param fact how it ends: DELIVERED or ENDED_BY_CLIENT
     * @param digest of its result, {@link Hash32#ZERO} where it is ENDED_BY_CLIENT
     */
    public record Plant(Wallet client, JobSpec spec, Fact fact, Hash32 digest) {}

    /**
     * What became of a plant: its task, or why there is none.
     *
     * @param never why nothing was ordered; null where a task was
     */
    public record Ordered(
            int plant, @Nullable TaskId task, @Nullable String never) {
        private static final int MAX_WHY_CHARS = 300;

        public Ordered(int plant, TaskId task) {
            this(plant, task, null);
        }

        /** What was never ordered. */
        public static Ordered never(int plant, String why) {
            return new Ordered(plant, null, why.substring(0, Math.min(why.length(), MAX_WHY_CHARS)));
        }

        /** Error: {@link Refused} INVALID_SPEC unless it has a task or a reason, and not both. */
        void require() {
            boolean why = never != null && !never.isBlank() && never.length() <= MAX_WHY_CHARS;
            Refused.unless(
                    task == null ? why : never == null,
                    Reason.INVALID_SPEC,
                    "plant " + plant + " has a task, or the reason why nothing was ordered in at most " + MAX_WHY_CHARS
                            + " characters");
        }
    }

    /** Error: {@link Refused} INVALID_SPEC unless there are 1 to {@code most} single jobs of different wallets with answers. */
    public void require(int most) {
        Refused.unless(
                !plants.isEmpty() && plants.size() <= most,
                Reason.INVALID_SPEC,
                "a plan has 1 to " + most + " jobs, not " + plants.size());
        long clients = Stream.concat(plants.stream().map(Plant::client), wallets().stream())
                .distinct()
                .count();
        Refused.unless(
                clients == plants.size() + wallets().size() && wallets().size() <= 2 * RerunDraw.MOST,
                Reason.INVALID_SPEC,
                "each job of a plan has a wallet of its own, and at most " + 2 * RerunDraw.MOST + " are for re-runs");
        boolean known = plants.stream().allMatch(CanaryPlan::hasAnswer);
        Refused.unless(
                known,
                Reason.INVALID_SPEC,
                "a planned job has one task, and is DELIVERED with its digest or ENDED_BY_CLIENT without one");
    }

    private static boolean hasAnswer(Plant plant) {
        boolean fits = plant.fact() == Fact.DELIVERED
                || plant.fact() == Fact.ENDED_BY_CLIENT && plant.digest().equals(Hash32.ZERO);
        return fits && plant.spec().tasks() == 1;
    }

    /** When a plant is to be ordered, not before. */
    public Instant orderAt(int plant, EpochOpened opened) {
        return orderAt(plant, opened.startsAt(), opened.endsAt(), opened.blockHash());
    }

    /** The same of an epoch's times and block. */
    public Instant orderAt(int plant, Instant startsAt, Instant endsAt, Hash32 blockHash) {
        long window = Duration.between(startsAt, endsAt).toMillis() * ORDERED_WITHIN_PERCENT / 100;
        Hash32 word = Hash32.keccak(SCHEDULE.encode(TAG, seed, blockHash, plant));
        long offset =
                new BigInteger(1, word.bytes()).mod(BigInteger.valueOf(window)).longValueExact();
        return startsAt.plusMillis(offset);
    }

    /** The plants' numbers in the order of their moments. */
    public List<Integer> inOrder(Instant startsAt, Instant endsAt, Hash32 blockHash) {
        return IntStream.range(0, plants.size())
                .boxed()
                .sorted(Comparator.comparing(i -> orderAt(i, startsAt, endsAt, blockHash)))
                .toList();
    }

    /** Whether an order of this moment is the planned one: not before its time, and not later than an epoch after the end. */
    public boolean isInTime(int plant, Instant startsAt, Instant endsAt, Hash32 blockHash, Instant orderedAt) {
        Instant latest = endsAt.plus(Duration.between(startsAt, endsAt));
        return !orderedAt.isBefore(orderAt(plant, startsAt, endsAt, blockHash)) && orderedAt.isBefore(latest);
    }
}
