package io.athanor.domain.common;

import java.util.UUID;

/** A penalty case: what freezes stake, and by which stake is slashed at most once. */
public record CaseId(UUID value) implements TextValue, Comparable<CaseId> {
    public static CaseId parse(String text) {
        return new CaseId(UuidText.parse(text));
    }

    @Override
    public int compareTo(CaseId other) {
        return UuidText.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
