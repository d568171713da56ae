package io.athanor.domain.attestation;

import io.athanor.domain.account.Withheld;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.Machine.Standing;
import io.athanor.domain.machine.TestedCapacity;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * When in a settlement day a machine is tested for its capacity, and what a test says of its day.
 *
 * <p>Each epoch draws owner groups by a seed that nobody knows before the epoch begins: with a chance of one in as many epochs
 * as the day has left, so that whoever is certified, online and free all day is tested once in it, at an instant that is
 * known to nobody before. All machines of an owner are drawn together, so that no GPU answers for two of them.
 *
 * <p>Invariant: a pure function, so that anybody finds a test that was not drawn, and one that was left out. A machine with a
 * lease is not tested, since its GPUs work for a client: it is drawn again in what the day has left.
 */
public final class CapacityDay {
    private static final Hash32 TAG = Hash32.keccak("athanor.capacity.v1".getBytes(StandardCharsets.UTF_8));

    private CapacityDay() {}

    /** The seed of an epoch's tests. */
    public static Hash32 seed(Hash32 blockHash, Hash32 salts, long epoch) {
        return CommitteeDraw.seed(blockHash, salts, new RoundId(epoch, RoundId.Kind.CAPACITY, 0, 0));
    }

    /** Whether an owner group's machines are tested in this epoch. */
    public static boolean isDrawn(Hash32 seed, String ownerGroup, long epoch, int epochsPerDay) {
        long left = epochsPerDay - epoch % epochsPerDay;
        Hash32 word = Hash32.keccak(TAG.bytes(), seed.bytes(), ownerGroup.getBytes(StandardCharsets.UTF_8));
        return new BigInteger(1, word.bytes()).mod(BigInteger.valueOf(left)).signum() == 0;
    }

    /** Whether it can be tested now and was not yet on this epoch's day, by an inspection or a test. */
    public static boolean isDue(Machine machine, long epoch, int epochsPerDay) {
        return machine.standing() == Standing.CERTIFIED
                && machine.online()
                && machine.reserved().isEmpty()
                && !isSeenOfDay(machine, epoch, epochsPerDay);
    }

    /** Whether it was inspected or tested on this epoch's day. */
    static boolean isSeenOfDay(Machine machine, long epoch, int epochsPerDay) {
        return isOfDay(machine.inspection(), epoch, epochsPerDay)
                || (machine.tested() != null && isOfDay(machine.tested().round(), epoch, epochsPerDay));
    }

    private static boolean isOfDay(@Nullable RoundId round, long epoch, int epochsPerDay) {
        return round != null && round.epoch() / epochsPerDay == epoch / epochsPerDay;
    }

    /**
     * What a closed round found of a machine, in ppm of an H100; empty where it says nothing, or that was taken already. No
     * answer is 0 where the machine was online and free since before the round: what came or went meanwhile says nothing.
     */
    public static OptionalLong found(Machine machine, RoundOpened round, Verdict verdict) {
        TestedCapacity before = machine.tested();
        boolean taken = before != null && before.round().equals(round.round());
        if (taken || machine.standing() != Standing.CERTIFIED || verdict.fact() == null) {
            return OptionalLong.empty();
        }
        return switch (verdict.fact()) {
            case GENUINE, COUNTERFEIT -> OptionalLong.of(Math.min(verdict.measure(), machine.score()));
            case OFFLINE -> isSteady(machine, round) ? OptionalLong.of(0) : OptionalLong.empty();
            case ONLINE, NETWORK, DELIVERED, ENDED_BY_CLIENT, NOT_DELIVERED, TOO_SLOW, UPHELD, REFUTED ->
                OptionalLong.empty();
        };
    }

    private static boolean isSteady(Machine machine, RoundOpened round) {
        return machine.online()
                && machine.reserved().isEmpty()
                && machine.steadySince() != null
                && machine.steadySince().isBefore(round.at());
    }

    /**
     * What a closed capacity round of an epoch found of a machine.
     *
     * @param opened the round
     */
    public record Test(RoundOpened opened, Verdict verdict) {
        private boolean isWhole(Machine machine, CapacityTests rules) {
            return verdict.fact() == Fact.GENUINE && shown(machine).isPaid(rules);
        }

        private boolean isFailed(Machine machine, CapacityTests rules) {
            OptionalLong found = found(machine, opened, verdict);
            return found.isPresent()
                    && !new TestedCapacity(opened.round(), found.getAsLong(), machine.score()).isPaid(rules);
        }

        private TestedCapacity shown(Machine machine) {
            return new TestedCapacity(opened.round(), Math.min(verdict.measure(), machine.score()), machine.score());
        }
    }

    /**
     * Why a machine earns nothing for its capacity in an epoch, null where it earns: a test below the share that is paid, for a
     * day; where a recent proof is asked for, also a test of this epoch that it shunned or that found too little, and a proof
     * that is too old while it missed a draw since.
     *
     * @param machine when the epoch gave way
     * @param test of this epoch, null where there was none
     */
    public static @Nullable Withheld withheld(
            Machine machine, Attendance attendance, long epoch, @Nullable Test test, ProtocolParameters parameters) {
        CapacityTests rules = parameters.admission().capacity();
        if (rules == null) {
            return null;
        }
        Integer days = rules.proofDays();
        int epochsPerDay = parameters.timing().epochsPerDay();
        if (days == null) {
            return isFailed(machine, epoch, rules, epochsPerDay) ? Withheld.TEST_FAILED : null;
        }
        if (test != null && test.isWhole(machine, rules)) {
            return null;
        }
        boolean failed = test != null && test.isFailed(machine, rules);
        if (failed || isFailed(machine, epoch, rules, epochsPerDay)) {
            return Withheld.TEST_FAILED;
        }
        if (attendance.shunned().contains(epoch)) {
            return Withheld.TEST_SHUNNED;
        }
        return isTooOld(machine, attendance, epoch, rules, days, epochsPerDay) ? Withheld.PROOF_TOO_OLD : null;
    }

    private static boolean isFailed(Machine machine, long epoch, CapacityTests rules, int epochsPerDay) {
        TestedCapacity tested = machine.tested();
        return tested != null && !tested.isPaid(rules) && epoch < tested.round().epoch() + epochsPerDay;
    }

    /** Who was free, or worked for others, at each draw of those days is never too long without a test by its own doing. */
    private static boolean isTooOld(
            Machine machine, Attendance attendance, long epoch, CapacityTests rules, int days, int epochsPerDay) {
        Long missed = attendance.missedUpTo(epoch);
        long today = epoch / epochsPerDay;
        return missed != null
                && today - missed / epochsPerDay <= days
                && today - provenIn(machine, rules) / epochsPerDay > days;
    }

    /** The epoch of the newest inspection or test that found it whole. */
    private static long provenIn(Machine machine, CapacityTests rules) {
        TestedCapacity tested = machine.tested();
        RoundId inspected = machine.inspection();
        long first = inspected == null ? 0 : inspected.epoch();
        return tested != null && tested.isPaid(rules)
                ? Math.max(first, tested.round().epoch())
                : first;
    }
}
