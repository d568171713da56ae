package io.athanor.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.codec.EventCatalogue.Entry;
import io.athanor.domain.common.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every stored event as it has been written since its revision began, byte for byte. A failure here means that histories
 * already stored would be read or hashed otherwise: such a change needs a new revision, never a new golden file.
 *
 * <p>{@code -Dathanor.golden=write} writes the files of new events and leaves the others alone.
 */
class GoldenEventsTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final boolean WRITE = "write".equals(System.getProperty("athanor.golden"));

    @BeforeAll
    static void writeMissing() throws IOException {
        if (!WRITE) {
            return;
        }
        Map<String, Event> samples = new TreeMap<>();
        SampleEvents.all().forEach(event -> samples.put(EventCatalogue.nameOf(event.getClass()), event));
        for (Map.Entry<String, Event> sample : samples.entrySet()) {
            Path file = FOLDER.resolve(sample.getKey() + ".json");
            if (!Files.exists(file)) {
                Files.createDirectories(FOLDER);
                Files.write(file, Json.bytes(sample.getValue()));
            }
        }
    }

    @Test
    void everyEntryHasAFileAndEveryFileAnEntry() throws IOException {
        try (var files = Files.list(FOLDER)) {
            assertThat(files.map(f -> f.getFileName().toString().replaceFirst("\\.json$", "")))
                    .as("golden files; write those of new events with -Dathanor.golden=write")
                    .containsExactlyInAnyOrderElementsOf(
                            EventCatalogue.all().stream().map(Entry::name).toList());
        }
    }

    @Test
    void readingAndWritingGivesTheSameBytes() {
        assertThat(EventCatalogue.all()).allSatisfy(entry -> {
            byte[] golden = golden(entry);
            Event event = EventCatalogue.read(entry.name(), golden);
            assertThat(text(Json.bytes(event))).isEqualTo(text(golden));
        });
    }

    /** Strict reading: a field that was added, renamed or taken away is an error, also where reading tolerates it. */
    @Test
    void noFieldIsNewOrGone() {
        assertThat(EventCatalogue.all())
                .allSatisfy(entry ->
                        assertThat(Json.readStrict(golden(entry), entry.type())).isInstanceOf(entry.type()));
    }

    /** Also what may be null is in the files: a nullable field that is new shows as well. */
    @Test
    void everyFieldOfAnEventIsFilled() {
        assertThat(EventCatalogue.all()).allSatisfy(entry -> {
            Map<String, Object> fields = Json.read(text(golden(entry)), new TypeReference<>() {});
            assertThat(fields.keySet())
                    .containsExactlyInAnyOrderElementsOf(Stream.of(entry.type().getRecordComponents())
                            .map(RecordComponent::getName)
                            .toList());
        });
    }

    private static byte[] golden(Entry entry) {
        try {
            return Files.readAllBytes(FOLDER.resolve(entry.name() + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
