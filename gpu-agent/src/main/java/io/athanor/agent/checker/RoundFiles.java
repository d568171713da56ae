package io.athanor.agent.checker;

import io.athanor.codec.Json;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.hash.Hash32;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What must outlive a crash between commit and reveal: report, salt and evidence of each open round. A commitment whose salt
 * is lost counts as wrong, so a file is on disk before its commitment is sent.
 */
final class RoundFiles {
    private final Path folder;

    RoundFiles(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** One round's report, before it is revealed. */
    record Kept(Report report, Hash32 salt, Evidence evidence) {}

    Optional<Kept> find(RoundId round) throws IOException {
        Path file = file(round);
        return Files.exists(file) ? Optional.of(Json.read(Files.readAllBytes(file), Kept.class)) : Optional.empty();
    }

    void keep(Kept kept) throws IOException {
        Path file = file(kept.report().round());
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer json = ByteBuffer.wrap(Json.bytes(kept));
            while (json.hasRemaining()) {
                channel.write(json);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    void forget(RoundId round) throws IOException {
        Files.deleteIfExists(file(round));
    }

    private Path file(RoundId round) {
        return folder.resolve(round + ".json");
    }
}
