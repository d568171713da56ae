package io.athanor.command.bus;

import io.athanor.codec.Json;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.AcceptedOrders;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.port.Commands.Outside;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The accepted orders from outside and their answers. A row is written in the transaction of the order's events, so an
 * order that was stored is remembered, whatever became of its answer.
 */
public final class CommandLog implements AcceptedOrders {
    private final JdbcTemplate jdbc;

    public CommandLog(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** An order that was accepted before. */
    record Remembered(String fingerprint, Outcome outcome) {
        /** The first answer. Error: {@link Refused} COMMAND_ID_REUSED where the content is another. */
        Outcome answer(Outside again) {
            Refused.unless(
                    fingerprint.equals(again.fingerprint().toString()),
                    Reason.COMMAND_ID_REUSED,
                    "command " + again.id() + " was sent before with other content");
            return outcome;
        }
    }

    /** One row to write. */
    record Entry(Outside outside, Outcome outcome, Instant at) {}

    @Override
    public Optional<Outcome> answerTo(Outside order) {
        return Optional.ofNullable(find(List.of(order.id())).get(order.id())).map(known -> known.answer(order));
    }

    /** Forgets what was accepted before; how many. */
    public int forgetBefore(Instant at) {
        return jdbc.update(
                "DELETE FROM command.command_log WHERE at < ?::timestamptz",
                OffsetDateTime.ofInstant(at, ZoneOffset.UTC).toString());
    }

    Map<CommandId, Remembered> find(Collection<CommandId> ids) {
        Map<CommandId, Remembered> found = new HashMap<>();
        if (!ids.isEmpty()) {
            UUID[] keys = ids.stream().map(CommandId::value).toArray(UUID[]::new);
            jdbc.query(
                    "SELECT command_id, fingerprint, outcome FROM command.command_log WHERE command_id = ANY (?)",
                    row -> {
                        found.put(
                                CommandId.parse(row.getString(1)),
                                new Remembered(row.getString(2), Json.read(row.getString(3), Outcome.class)));
                    },
                    (Object) keys);
        }
        return found;
    }

    void write(List<Entry> entries) {
        if (!entries.isEmpty()) {
            jdbc.update(
                    "INSERT INTO command.command_log (command_id, fingerprint, outcome, at)"
                            + " SELECT * FROM unnest(?::uuid[], ?::text[], ?::jsonb[], ?::timestamptz[])",
                    column(entries, entry -> entry.outside().id().toString()),
                    column(entries, entry -> entry.outside().fingerprint().toString()),
                    column(entries, entry -> Json.text(entry.outcome())),
                    column(
                            entries,
                            entry -> OffsetDateTime.ofInstant(entry.at(), ZoneOffset.UTC)
                                    .toString()));
        }
    }

    private static String[] column(List<Entry> entries, java.util.function.Function<Entry, String> value) {
        return entries.stream().map(value).toArray(String[]::new);
    }
}
