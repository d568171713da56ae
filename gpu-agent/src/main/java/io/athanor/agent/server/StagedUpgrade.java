package io.athanor.agent.server;

import io.athanor.agent.outputs.Hashes;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.wire.AgentProtocol.Ready;
import io.athanor.domain.wire.AgentProtocol.ReadyTaken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs that this machine or checker holds for an upgrade, and has not been counted with yet. Their digest is a file in
 * the data folder; it is reported from time to time until the server counts it, which it does once their vote has passed.
 */
public final class StagedUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(StagedUpgrade.class);
    private static final String FILE = "upgrade";
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final Path data;
    private final String door;
    private final SignedHttp http;
    private final Function<Sha256, String> signature;
    private @Nullable Sha256 counted;
    private @Nullable Sha256 said;
    private long saidNanos;

    /**
     * @param door where it is reported
     * @param signature of the report on a digest, 0x hex
     */
    public StagedUpgrade(Path data, String door, SignedHttp http, Function<Sha256, String> signature) {
        this.data = data;
        this.door = door;
        this.http = http;
        this.signature = signature;
    }

    /** Leaves the digest of these programs for the agent or the checker of a data folder. */
    public static Sha256 stage(Path data, Path programs) throws IOException {
        MessageDigest digest = Hashes.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(programs), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        Sha256 artifact = Sha256.ofDigest(digest.digest());
        Path next = data.resolve(FILE + ".next");
        Files.writeString(next, artifact.toString());
        Files.move(next, data.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return artifact;
    }

    /** Reports what is staged where it is due. What goes wrong is said again later: no work waits for it. */
    public void report() throws InterruptedException {
        try {
            Sha256 staged = staged();
            boolean due = !Objects.equals(staged, said) || System.nanoTime() - saidNanos > AGAIN.toNanos();
            if (staged != null && !staged.equals(counted) && due) {
                said = staged;
                saidNanos = System.nanoTime();
                Ready ready = new Ready(staged, signature.apply(staged));
                if (http.post(door, ready, ReadyTaken.class).counted()) {
                    counted = staged;
                    LOG.info("counted as ready for the programs {}", staged);
                }
            }
        } catch (IOException away) {
            LOG.warn("the readiness for an upgrade is not reported yet: {}", away.getMessage());
        }
    }

    private @Nullable Sha256 staged() throws IOException {
        Path file = data.resolve(FILE);
        try {
            return Files.exists(file)
                    ? Sha256.parse(
                            Files.readString(file, StandardCharsets.UTF_8).strip())
                    : null;
        } catch (IllegalArgumentException malformed) {
            throw new IOException(file + " holds no digest; remove it", malformed);
        }
    }
}
