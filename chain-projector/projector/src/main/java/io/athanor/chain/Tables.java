package io.athanor.chain;

import io.athanor.domain.common.Ath;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** The tables of schema {@code chain}, by who writes them. A statement joins the caller's transaction, if there is one. */
record Tables(
        LedgerTables ledger,
        MessageTables messages,
        SignerTables signers,
        PayoutTables payouts,
        BondTables bonds,
        RecordTables records,
        HistoryTables history,
        ProgressTables progress) {
    static Tables over(DataSource dataSource) {
        Jdbi jdbi = Jdbi.create(new TransactionAwareDataSourceProxy(dataSource));
        return new Tables(
                new LedgerTables(jdbi),
                new MessageTables(jdbi),
                new SignerTables(jdbi),
                new PayoutTables(jdbi),
                new BondTables(jdbi),
                new RecordTables(jdbi),
                new HistoryTables(jdbi),
                new ProgressTables(jdbi));
    }

    static OffsetDateTime at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    static BigDecimal number(Ath amount) {
        return new BigDecimal(amount.wei());
    }

    static Ath ath(ResultSet rs, String column) throws SQLException {
        return new Ath(rs.getBigDecimal(column).toBigIntegerExact());
    }
}
