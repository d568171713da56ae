package io.athanor.domain.common;

import java.util.UUID;

/** A provider's machine. A UUIDv7 made on the machine itself. */
public record MachineId(UUID value) implements TextValue, Comparable<MachineId> {
    public static MachineId parse(String text) {
        return new MachineId(UuidText.parse(text));
    }

    @Override
    public int compareTo(MachineId other) {
        return UuidText.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
