package io.athanor.domain.common;

/**
 * A value whose {@link Object#toString()} is its canonical text and whose class has a public static
 * {@code parse(String)} that reads it back.
 *
 * <p>Invariant: {@code parse(v.toString()).equals(v)}. Codecs, path variables and SQL columns use this form.
 */
public interface TextValue {
    @Override
    String toString();
}
