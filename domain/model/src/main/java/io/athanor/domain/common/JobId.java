package io.athanor.domain.common;

import java.util.UUID;

/** A job as its client named it: one order and one hold for its tasks. A UUIDv7 made by the sender. */
public record JobId(UUID value) implements TextValue, Comparable<JobId> {
    public static JobId parse(String text) {
        return new JobId(UuidText.parse(text));
    }

    public TaskId task(int index) {
        return new TaskId(this, index);
    }

    @Override
    public int compareTo(JobId other) {
        return UuidText.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
