package io.athanor.agent.docker;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.codec.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images that this agent pulled, least recently used first to go when the disk runs low. Invariant: an image that was
 * on the machine before, or that somebody else pulled, is never in here and so never removed. Survives restarts.
 */
public final class ImageCache {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCache.class);

    /** Beyond this many, the oldest are forgotten; they then stay on the machine. */
    private static final int MOST = 10_000;

    private final Path file;
    private final DockerEngine engine;

    /** Image → when it was last used, in milliseconds of the wall clock. */
    private final Map<String, Long> pulled = new HashMap<>();

    private ImageCache(Path file, DockerEngine engine) {
        this.file = file;
        this.engine = engine;
    }

    /** Reads what an earlier agent pulled. */
    public static ImageCache open(Path file, DockerEngine engine) throws IOException {
        ImageCache cache = new ImageCache(file, engine);
        if (Files.exists(file)) {
            cache.pulled.putAll(Json.mapper().readValue(file.toFile(), new TypeReference<Map<String, Long>>() {}));
        }
        return cache;
    }

    /** The agent is about to pull this image, which the machine does not have: it will be the agent's to remove. */
    public synchronized void pulling(ImageReference image, long nowMillis) {
        pulled.put(image.toString(), nowMillis);
        while (pulled.size() > MOST) {
            pulled.remove(oldestFirst().getFirst());
        }
        write();
    }

    /** A lease uses this image now. */
    public synchronized void used(ImageReference image, long nowMillis) {
        if (pulled.replace(image.toString(), nowMillis) != null) {
            write();
        }
    }

    /**
     * Removes images of the agent, least recently used first, for as long as the disk is low. One that a container uses
     * stays.
     *
     * @return what was removed
     */
    public synchronized List<String> clean(BooleanSupplier diskLow) {
        List<String> candidates = oldestFirst();
        List<String> removed = candidates.stream()
                .filter(image -> diskLow.getAsBoolean() && engine.removeImage(ImageReference.parse(image)))
                .toList();
        if (!removed.isEmpty()) {
            removed.forEach(pulled::remove);
            write();
            LOG.info("the disk is low; removed {}", removed);
        }
        return removed;
    }

    private List<String> oldestFirst() {
        return pulled.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Long> entry) -> entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void write() {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.write(next, Json.bytes(new TreeMap<>(pulled)));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot keep the list of images", failed);
        }
    }
}
