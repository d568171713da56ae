package io.athanor.domain.common;

/** A coarse location, such as {@code eu-west}. Invariant: 2 to 32 of a-z, 0-9 and '-'. */
public record Region(String name) implements TextValue {
    public Region {
        if (!name.matches("[a-z0-9-]{2,32}")) {
            throw new IllegalArgumentException("a region is 2 to 32 of a-z, 0-9 and '-': " + name);
        }
    }

    public static Region parse(String text) {
        return new Region(text);
    }

    @Override
    public String toString() {
        return name;
    }
}
