package io.athanor.domain.stake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A pool as one would keep it on paper: every delegator has a line, a slash and a reward go over all lines. Written
 * without shares and indices, with fractions of a wei to 60 digits, for comparison.
 */
final class ReferencePool {
    static final MathContext DIGITS = new MathContext(60, RoundingMode.HALF_EVEN);

    /** One delegator. */
    static final class Line {
        BigDecimal active = BigDecimal.ZERO;
        /** What earns only from the day after the key. */
        final TreeMap<Long, BigDecimal> fresh = new TreeMap<>();

        BigDecimal reward = BigDecimal.ZERO;
        final TreeMap<Long, BigDecimal> leaving = new TreeMap<>();

        BigDecimal earning(long day) {
            BigDecimal young = fresh.tailMap(day, true).values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            return active.subtract(young);
        }
    }

    BigInteger self = BigInteger.ZERO;
    final TreeMap<Long, BigInteger> selfLeaving = new TreeMap<>();
    /** Whole wei in the active pot and in each day's pot. */
    BigInteger pot = BigInteger.ZERO;

    final TreeMap<Long, BigInteger> pots = new TreeMap<>();
    final TreeMap<String, Line> lines = new TreeMap<>();

    Line line(String who) {
        return lines.computeIfAbsent(who, w -> new Line());
    }

    void delegate(String who, BigInteger amount, long day) {
        Line line = line(who);
        line.active = line.active.add(new BigDecimal(amount));
        line.fresh.merge(day, new BigDecimal(amount), BigDecimal::add);
        pot = pot.add(amount);
    }

    void unbond(String who, BigInteger amount, BigInteger moved, long day) {
        leave(who, amount, moved, day);
        line(who).leaving.merge(day, new BigDecimal(moved), BigDecimal::add);
    }

    /** Gone to another pool; the day's pot says what a slash can still ask of it. */
    void redelegate(String who, BigInteger amount, long day) {
        leave(who, amount, amount, day);
    }

    void claim(String who, BigInteger amount) {
        Line line = line(who);
        line.reward = line.reward.subtract(new BigDecimal(amount));
    }

    private void leave(String who, BigInteger amount, BigInteger moved, long day) {
        Line line = line(who);
        boolean everything =
                amount.equals(line.active.setScale(0, RoundingMode.HALF_EVEN).toBigInteger());
        BigDecimal less = new BigDecimal(amount);
        BigDecimal rest = less;
        for (Long key : new ArrayList<>(line.fresh.descendingKeySet())) {
            BigDecimal part = line.fresh.getOrDefault(key, BigDecimal.ZERO).min(rest);
            line.fresh.merge(key, part.negate(), BigDecimal::add);
            rest = rest.subtract(part);
        }
        line.active = everything ? BigDecimal.ZERO : line.active.subtract(less);
        pot = pot.subtract(moved);
        pots.merge(day, moved, BigInteger::add);
    }

    void slash(BigInteger amount, long offenceDay) {
        List<BigInteger> own = new ArrayList<>(List.of(self));
        List<BigInteger> others = new ArrayList<>(List.of(pot));
        List<Long> days = new ArrayList<>();
        TreeMap<Long, Boolean> all = new TreeMap<>();
        selfLeaving.keySet().forEach(d -> all.put(d, true));
        pots.keySet().forEach(d -> all.put(d, true));
        all.tailMap(offenceDay, true).keySet().forEach(day -> {
            days.add(day);
            own.add(selfLeaving.getOrDefault(day, BigInteger.ZERO));
            others.add(pots.getOrDefault(day, BigInteger.ZERO));
        });
        BigInteger fromOwn = amount.min(sum(own));
        BigInteger fromOthers = amount.subtract(fromOwn).min(sum(others));
        List<BigInteger> ownLeft = cut(fromOwn, own);
        List<BigInteger> othersLeft = cut(fromOthers, others);
        self = ownLeft.getFirst();
        BigInteger before = pot;
        pot = othersLeft.getFirst();
        lines.values().forEach(line -> {
            line.active = scaled(line.active, pot, before);
            line.fresh.replaceAll((d, v) -> scaled(v, pot, before));
        });
        for (int i = 0; i < days.size(); i++) {
            long day = days.get(i);
            selfLeaving.put(day, ownLeft.get(i + 1));
            BigInteger was = others.get(i + 1);
            BigInteger left = othersLeft.get(i + 1);
            pots.put(day, left);
            lines.values().forEach(line -> line.leaving.computeIfPresent(day, (d, v) -> scaled(v, left, was)));
        }
    }

    private static BigDecimal scaled(BigDecimal value, BigInteger now, BigInteger before) {
        return before.signum() == 0
                ? BigDecimal.ZERO
                : value.multiply(new BigDecimal(now)).divide(new BigDecimal(before), DIGITS);
    }

    private static BigInteger sum(List<BigInteger> parts) {
        return parts.stream().reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** In proportion, floored; one wei after the other from the first that still has it. */
    private static List<BigInteger> cut(BigInteger amount, List<BigInteger> from) {
        BigInteger all = sum(from);
        List<BigInteger> left = new ArrayList<>();
        BigInteger open = amount;
        for (BigInteger part : from) {
            BigInteger share =
                    all.signum() == 0 ? BigInteger.ZERO : amount.multiply(part).divide(all);
            left.add(part.subtract(share));
            open = open.subtract(share);
        }
        for (int i = 0; open.signum() > 0; i++) {
            BigInteger more = open.min(left.get(i));
            left.set(i, left.get(i).subtract(more));
            open = open.subtract(more);
        }
        return left;
    }

    /** False where nobody earns, so that nothing is given yet. */
    boolean reward(BigDecimal amount, long day) {
        BigDecimal all =
                lines.values().stream().map(line -> line.earning(day)).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (all.compareTo(new BigDecimal("0.001")) < 0) {
            return false;
        }
        lines.values()
                .forEach(line -> line.reward =
                        line.reward.add(amount.multiply(line.earning(day)).divide(all, DIGITS)));
        return true;
    }
}
