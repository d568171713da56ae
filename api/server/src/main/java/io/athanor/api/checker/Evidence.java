package io.athanor.api.checker;

import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import java.sql.Timestamp;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which evidence a checker stored. */
@Component
final class Evidence {
    private final JdbcClient sql;

    Evidence(JdbcClient sql) {
        this.sql = sql;
    }

    void stored(Sha256 digest, Wallet checker, long bytes, Instant at) {
        sql.sql("INSERT INTO api.evidence (digest, checker, bytes, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .params(digest.value(), checker.address(), bytes, Timestamp.from(at))
                .update();
    }

    /** Of the checker's evidence since this time, this digest's left out. */
    long bytesSince(Wallet checker, Instant since, Sha256 except) {
        return sql.sql("SELECT coalesce(sum(bytes), 0) FROM api.evidence WHERE checker = ? AND at >= ? AND digest <> ?")
                .params(checker.address(), Timestamp.from(since), except.value())
                .query(Long.class)
                .single();
    }

    boolean has(Sha256 digest, Wallet checker) {
        return sql.sql("SELECT count(*) FROM api.evidence WHERE digest = ? AND checker = ?")
                        .params(digest.value(), checker.address())
                        .query(Integer.class)
                        .single()
                == 1;
    }
}
