package io.athanor.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.athanor.audit.Replay.Result;
import io.athanor.codec.EventCatalogue;
import io.athanor.codec.Json;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.StreamId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** The history of a real {@code ./athanor demo}, and that history with something changed. */
final class DemoExport {
    private final List<String> lines;

    private DemoExport(List<String> lines) {
        this.lines = lines;
    }

    static DemoExport read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(
                        DemoExport.class.getResourceAsStream("/demo.jsonl.gz"), "demo.jsonl.gz")),
                StandardCharsets.UTF_8))) {
            return new DemoExport(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> lines() {
        return lines;
    }

    static Result replay(List<String> lines) {
        Replay replay = new Replay();
        lines.forEach(replay::accept);
        return replay.result();
    }

    Result replay() {
        return replay(lines);
    }

    /** Where the events of this name are. */
    int[] places(String name) {
        return IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).contains("\"name\":\"" + name + "\","))
                .toArray();
    }

    int first(String name) {
        return places(name)[0];
    }

    /** The index that the line's own text names. */
    long index(int place) {
        return ExportLine.parse(lines.get(place)).number();
    }

    /** With the line's payload changed, and canonical again: a forger who knows the format. */
    DemoExport forge(int place, Consumer<ObjectNode> change) {
        return edit(place, line -> {
            ObjectNode tree = (ObjectNode) Json.read(line, JsonNode.class);
            change.accept((ObjectNode) tree.get("payload"));
            return new String(Json.canonical(tree), StandardCharsets.UTF_8);
        });
    }

    DemoExport edit(int place, UnaryOperator<String> change) {
        List<String> changed = new ArrayList<>(lines);
        changed.set(place, change.apply(lines.get(place)));
        return new DemoExport(changed);
    }

    DemoExport without(int place) {
        List<String> changed = new ArrayList<>(lines);
        changed.remove(place);
        return new DemoExport(changed);
    }

    DemoExport doubled(int place) {
        List<String> changed = new ArrayList<>(lines);
        changed.add(place, lines.get(place));
        return new DemoExport(changed);
    }

    /** With these events stored before the line at the place; every line is numbered again, streams and all. */
    DemoExport with(int place, List<Event> events) {
        List<ExportLine> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (i == place) {
                events.forEach(event -> all.add(stored(event)));
            }
            all.add(ExportLine.parse(lines.get(i)));
        }
        Map<StreamId, Long> next = new HashMap<>();
        List<String> texts = new ArrayList<>();
        for (ExportLine line : all) {
            long sequence = next.merge(line.stream(), 1L, Long::sum) - 1;
            texts.add(new ExportLine(
                            Integer.toString(texts.size() + 1),
                            line.eventId(),
                            line.stream(),
                            sequence,
                            line.name(),
                            line.revision(),
                            line.payload(),
                            line.metadata(),
                            line.at())
                    .text());
        }
        return new DemoExport(texts);
    }

    private static ExportLine stored(Event event) {
        return new ExportLine(
                "1",
                "inserted",
                event.stream(),
                0,
                EventCatalogue.nameOf(event.getClass()),
                EventCatalogue.revisionOf(event.getClass()),
                Json.mapper().valueToTree(event),
                Json.mapper().createObjectNode(),
                event.at());
    }

    /** The event at the place, as this type. */
    <E extends Event> E event(int place, Class<E> type) {
        return type.cast(ExportLine.parse(lines.get(place)).event());
    }

    DemoExport swapped(int place) {
        List<String> changed = new ArrayList<>(lines);
        changed.set(place, lines.get(place + 1));
        changed.set(place + 1, lines.get(place));
        return new DemoExport(changed);
    }
}
