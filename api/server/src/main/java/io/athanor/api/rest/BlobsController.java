package io.athanor.api.rest;

import io.athanor.api.auth.Caller;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.port.BlobStore;
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
    private final JdbcClient sql;
    private final InstantSource clock;

    BlobsController(BlobStore blobs, JdbcClient sql, InstantSource clock) {
        this.blobs = blobs;
        this.sql = sql;
        this.clock = clock;
    }

    @PutMapping("/{digest}")
    BlobStored put(@PathVariable Sha256 digest, HttpServletRequest request) throws IOException {
        Caller.Account account = Caller.current(Caller.Account.class);
        long bytes = blobs.put(digest, request.getInputStream(), Limits.BLOB_BYTES);
        sql.sql("INSERT INTO api.upload (digest, wallet, at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (digest, wallet) DO UPDATE SET at = excluded.at")
                .params(digest.value(), account.wallet().address(), Timestamp.from(clock.instant()))
                .update();
        return new BlobStored(digest, bytes);
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
