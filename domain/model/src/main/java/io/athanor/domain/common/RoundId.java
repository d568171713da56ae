package io.athanor.domain.common;

import java.util.Locale;

/**
 * One attestation round: epoch, kind, shard and attempt (0, or 1 for the redraw). Text:
 * {@code <epoch>.<kind>.<shard>.<attempt>}.
 */
public record RoundId(long epoch, Kind kind, int shard, int attempt) implements TextValue, Comparable<RoundId> {
    /** What the committee looks at. */
    public enum Kind {
        /** Machines, probed during the epoch. */
        LIVENESS,
        /** Tasks that ended in the epoch, judged on receipts and stored outputs. */
        DELIVERY,
        /** One new machine before its first offer. */
        ONBOARDING,
        /** One penalty case whose accused appeals. */
        APPEAL,
        /** One penalty case in the first instance: a dispute, or what takes more than small committees may. */
        SLASH,
        /** Certified machines, each once a settlement day. */
        CAPACITY
    }

    public RoundId {
        if (epoch < 0 || shard < 0 || attempt < 0 || attempt > 1) {
            throw new IllegalArgumentException("not a round: " + epoch + "." + shard + "." + attempt);
        }
    }

    public static RoundId parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("a round is <epoch>.<kind>.<shard>.<attempt>: " + text);
        }
        return new RoundId(
                Long.parseLong(parts[0]),
                Kind.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }

    public RoundId redraw() {
        return new RoundId(epoch, kind, shard, attempt + 1);
    }

    @Override
    public int compareTo(RoundId other) {
        int byEpoch = Long.compare(epoch, other.epoch);
        int byKind = byEpoch != 0 ? byEpoch : kind.compareTo(other.kind);
        int byShard = byKind != 0 ? byKind : Integer.compare(shard, other.shard);
        return byShard != 0 ? byShard : Integer.compare(attempt, other.attempt);
    }

    @Override
    public String toString() {
        return epoch + "." + kind.name().toLowerCase(Locale.ROOT) + "." + shard + "." + attempt;
    }
}
