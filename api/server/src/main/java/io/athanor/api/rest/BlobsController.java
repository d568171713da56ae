package io.athanor.api.rest;

import io.athanor.api.auth.Caller;
import io.athanor.api.files.FileLimits;
import io.athanor.api.files.Intake;
import io.athanor.api.files.Intake.Body;
import io.athanor.api.files.Intake.Ledger;
import io.athanor.api.files.Intake.Sender;
import io.athanor.api.files.Intake.Share;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore;
import io.athanor.domain.port.BlobStore.Use;
import io.athanor.domain.wire.AgentProtocol.BlobStored;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Input files by content. Whoever uploaded a file may read it; digests are public, so knowing one is no right. */
@RestController
@RequestMapping("/v1/blobs")
class BlobsController {
    private final BlobStore blobs;
    private final Intake intake;
    private final FileLimits limits;
    private final JdbcClient sql;
    private final InstantSource clock;

    BlobsController(BlobStore blobs, Intake intake, FileLimits limits, JdbcClient sql, InstantSource clock) {
        this.blobs = blobs;
        this.intake = intake;
        this.limits = limits;
        this.sql = sql;
        this.clock = clock;
    }

    @PutMapping("/{digest}")
    BlobStored put(@PathVariable Sha256 digest, HttpServletRequest request) throws IOException {
        Caller.Account account = Caller.current(Caller.Account.class);
        Share share = new Share(
                new Sender(Use.UPLOAD, account.wallet().toString()),
                limits.uploadBytes(),
                Limits.BLOB_BYTES,
                "athanor.files.upload-bytes",
                "Order with files that you sent before, or wait until old ones are forgotten; the operator can raise the"
                        + " limit.");
        long bytes = intake.take(share, new Uploads(digest, account.wallet().address()), digest, Body.of(request));
        return new BlobStored(digest, bytes);
    }

    /** The files of one wallet. */
    private final class Uploads implements Ledger {
        private final Sha256 digest;
        private final String wallet;

        Uploads(Sha256 digest, String wallet) {
            this.digest = digest;
            this.wallet = wallet;
        }

        @Override
        public long othersBytes() {
            return sql.sql("SELECT coalesce(sum(bytes), 0) FROM api.upload WHERE wallet = ? AND digest <> ?")
                    .params(wallet, digest.value())
                    .query(Long.class)
                    .single();
        }

        @Override
        public void stored(long bytes) {
            sql.sql("INSERT INTO api.upload (digest, wallet, bytes, at) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (digest, wallet) DO UPDATE SET bytes = excluded.bytes, at = excluded.at")
                    .params(digest.value(), wallet, bytes, Timestamp.from(clock.instant()))
                    .update();
        }
    }

    @GetMapping("/{digest}")
    void get(@PathVariable Sha256 digest, HttpServletResponse response) throws IOException {
        Caller.Account account = Caller.current(Caller.Account.class);
        boolean uploaded = sql.sql("SELECT count(*) FROM api.upload WHERE digest = ? AND wallet = ?")
                        .params(digest.value(), account.wallet().address())
                        .query(Integer.class)
                        .single()
                == 1;
        Refused.unless(uploaded || account.operator(), Reason.NOT_FOUND, "you have no file " + digest);
        Blobs.send(blobs, digest, response);
    }
}
