package io.athanor.domain.governance;

import io.athanor.domain.common.TextValue;
import io.athanor.domain.common.UuidText;
import java.util.UUID;

/** A proposal: one measure and one vote. A UUIDv7 made by the proposer. */
public record ProposalId(UUID value) implements TextValue, Comparable<ProposalId> {
    public static ProposalId parse(String text) {
        return new ProposalId(UuidText.parse(text));
    }

    @Override
    public int compareTo(ProposalId other) {
        return UuidText.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
