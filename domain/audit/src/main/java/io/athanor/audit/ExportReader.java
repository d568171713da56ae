package io.athanor.audit;

import io.athanor.domain.common.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * An export's events in their order, read on every processor.
 *
 * <p>Lines go to the readers in chunks, and chunks come back in the order in which they were given. At most
 * {@link #CHUNKS_AHEAD} of them are in memory, however long the export is.
 */
final class ExportReader {
    private static final int CHUNK_LINES = 1_000;
    private static final int CHUNKS_AHEAD = 8;

    private final Path export;

    ExportReader(Path export) {
        this.export = export;
    }

    /** Takes one event after the other, until it has enough. */
    interface Taker {
        /** Whether it wants the next one too. */
        boolean take(ExportEvent event);
    }

    /**
     * Gives every event to the taker, in the caller's thread.
     *
     * @param wanted which types are read at all ({@link ExportEvent})
     */
    void each(Predicate<Class<? extends Event>> wanted, Taker taker) throws IOException {
        Deque<CompletableFuture<List<ExportEvent>>> ahead = new ArrayDeque<>();
        try (BufferedReader lines = Files.newBufferedReader(export, StandardCharsets.UTF_8);
                ExecutorService readers =
                        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            boolean more = true;
            while (more) {
                List<String> chunk = chunk(lines);
                if (!chunk.isEmpty()) {
                    ahead.add(CompletableFuture.supplyAsync(() -> read(chunk, wanted), readers));
                }
                boolean atEnd = chunk.isEmpty();
                if (atEnd || ahead.size() >= CHUNKS_AHEAD) {
                    more = !ahead.isEmpty() && all(ahead.remove(), taker);
                }
            }
        }
    }

    private static List<String> chunk(BufferedReader lines) throws IOException {
        List<String> chunk = new ArrayList<>(CHUNK_LINES);
        while (chunk.size() < CHUNK_LINES) {
            String line = lines.readLine();
            if (line == null) {
                break;
            }
            if (!line.isBlank()) {
                chunk.add(line);
            }
        }
        return chunk;
    }

    private static List<ExportEvent> read(List<String> chunk, Predicate<Class<? extends Event>> wanted) {
        return chunk.stream().map(line -> ExportEvent.read(line, wanted)).toList();
    }

    private static boolean all(CompletableFuture<List<ExportEvent>> chunk, Taker taker) {
        try {
            return chunk.join().stream().allMatch(taker::take);
        } catch (CompletionException e) {
            if (e.getCause() instanceof IllegalArgumentException bad) {
                throw bad;
            }
            throw e;
        }
    }
}
