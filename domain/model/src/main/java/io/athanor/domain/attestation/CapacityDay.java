package io.athanor.domain.attestation;

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
                && !isOfDay(machine.inspection(), epoch, epochsPerDay)
                && (machine.tested() == null || !isOfDay(machine.tested().round(), epoch, epochsPerDay));
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

    /** Whether it earns for its capacity in an epoch: not for a day after a test below the share that is paid. */
    public static boolean isPaid(Machine machine, long epoch, ProtocolParameters parameters) {
        TestedCapacity tested = machine.tested();
        CapacityTests rules = parameters.admission().capacity();
        return tested == null
                || rules == null
                || !tested.isBelow(rules.unpaidPercent())
                || epoch >= tested.round().epoch() + parameters.timing().epochsPerDay();
    }
}
