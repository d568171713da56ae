package io.athanor.local.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;

/**
 * The EVM node's state file and its last whole copy.
 *
 * <p>The node writes the file in place, so that a kill in that moment leaves a torn one, from which it does not start.
 * The copy, made while the launcher lives, is at most one write and one look older: still past every final block.
 */
final class ChainState {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final Path copy;
    private FileTime copied = FileTime.fromMillis(0);

    ChainState(Path file) {
        this.file = file;
        this.copy = file.resolveSibling(file.getFileName() + ".whole");
    }

    Path file() {
        return file;
    }

    /** Copies the file where it is new and whole; a file that is being written now is copied at the next look. */
    synchronized void keep() {
        try {
            if (!Files.exists(file)) {
                return;
            }
            FileTime written = Files.getLastModifiedTime(file);
            if (written.equals(copied)) {
                return;
            }
            Path draft = copy.resolveSibling(copy.getFileName() + ".new");
            Files.copy(file, draft, StandardCopyOption.REPLACE_EXISTING);
            if (isWhole(draft)) {
                Files.move(draft, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                copied = written;
            }
        } catch (IOException failed) {
            throw new EngineFailure(
                    "The chain's state " + file + " cannot be copied: " + failed.getMessage() + ".",
                    "Check the disk of the data folder.",
                    failed);
        }
    }

    /** Before a start: puts the copy in the place of a torn file. */
    synchronized void repair() {
        if (!Files.exists(file) || isWhole(file)) {
            return;
        }
        if (!Files.exists(copy)) {
            throw new EngineFailure(
                    "The chain's state " + file + " is torn and there is no whole copy of it.",
                    "Remove the data folder to begin a new network.");
        }
        try {
            Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new EngineFailure(
                    "The chain's state " + file + " cannot be repaired: " + failed.getMessage() + ".",
                    "Copy " + copy + " over it.",
                    failed);
        }
    }

    static boolean isWhole(Path file) {
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (IOException torn) {
            return false;
        }
    }
}
