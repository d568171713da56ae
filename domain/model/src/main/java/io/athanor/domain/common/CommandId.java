package io.athanor.domain.common;

import java.util.UUID;

/**
 * The id of a command from outside, made by its sender (UUIDv7). The same id with the same content is the same
 * command and gets the same answer; with other content it is refused ({@link Reason#COMMAND_ID_REUSED}).
 */
public record CommandId(UUID value) implements TextValue {
    public static CommandId parse(String text) {
        return new CommandId(UuidText.parse(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
