package io.athanor.domain.governance;

import io.athanor.domain.governance.Tally.Choice;
import java.util.List;

/** A cast vote with the powers of the proposal's snapshot. */
public record Vote(Choice choice, List<PowerLine> lines) {
    public Vote {
        lines = List.copyOf(lines);
    }
}
