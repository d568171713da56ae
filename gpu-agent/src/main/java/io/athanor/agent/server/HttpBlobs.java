package io.athanor.agent.server;

import io.athanor.agent.outputs.Hashes;
import io.athanor.agent.run.BlobChannel;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.job.Receipt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files to and from the control plane's store. What arrives is digested before anything may see it under its name. */
public final class HttpBlobs implements BlobChannel {
    private static final String BLOBS = "/agent/v1/blobs/";

    private static final Logger LOG = LoggerFactory.getLogger(HttpBlobs.class);

    private final SignedHttp http;

    public HttpBlobs(SignedHttp http) {
        this.http = http;
    }

    @Override
    public void fetch(Sha256 digest, long bytes, Path target)
            throws IOException, InterruptedException, InputUnavailable {
        Path temporary = target.resolveSibling("." + target.getFileName() + ".part");
        Files.deleteIfExists(temporary);
        try {
            http.getFile(BLOBS + digest, temporary);
            requireContent(digest, bytes, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (ServerRefusal refusal) {
            if (refusal.isFinal()) {
                throw new InputUnavailable("The input " + digest + " cannot be had: " + refusal.getMessage());
            }
            throw refusal;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Fails where a file's content is not what was named. */
    static void requireContent(Sha256 digest, long bytes, Path file) throws IOException, InputUnavailable {
        Sha256 found = digestOf(file);
        if (!found.equals(digest) || Files.size(file) != bytes) {
            throw new InputUnavailable("The input " + digest + " of " + bytes + " bytes came as " + found + " of "
                    + Files.size(file) + " bytes.");
        }
    }

    private static Sha256 digestOf(Path file) throws IOException {
        MessageDigest digest = Hashes.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return Sha256.ofDigest(digest.digest());
    }

    @Override
    public void store(LeaseId lease, Receipt.Output output, Path file) throws IOException, InterruptedException {
        try {
            http.putFile(BLOBS + output.sha256() + "?lease=" + lease, file, output.sha256());
        } catch (ServerRefusal refusal) {
            if (!refusal.is(Reason.NOT_ALLOWED)) {
                throw refusal;
            }
            LOG.warn("{}: nobody waits for its output {} any more: {}", lease, output.path(), refusal.getMessage());
        }
    }

    /** True when the server will not take a part of a log, whatever is tried. */
    static boolean refusedForGood(ServerRefusal refusal) {
        return refusal.is(Reason.TOO_LARGE) || refusal.is(Reason.NOT_FOUND) || refusal.is(Reason.NOT_ALLOWED);
    }
}
