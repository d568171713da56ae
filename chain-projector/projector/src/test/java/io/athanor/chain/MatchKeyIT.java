package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.testing.Samples;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.Database;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A refuted match is found by its key without a look at every leaf there was. */
@Tag("postgres")
class MatchKeyIT {
    private static final Pattern BY_KEY = Pattern.compile("item_match[^\n]*\n *Index Cond:.*SUBSTRING");

    private final Database database =
            TestEngines.freshDatabase("matches", TestEngines.template("chain-projector", ChainWorld::migrate));

    @Test
    void theQueryCanBeAnsweredByAnIndex() {
        assertThat(plan(LedgerTables.MATCHED)).containsPattern(BY_KEY);
        assertThat(plan(LedgerTables.MATCHED.replace("FROM 2 FOR 32", "FROM 3 FOR 32")))
                .as("of another expression there is none")
                .doesNotContainPattern(BY_KEY);
    }

    private String plan(String query) {
        String key = new Samples(3).hash().hex().substring(2);
        return Jdbi.create(database.ownerUrl()).withHandle(handle -> {
            handle.execute("SET enable_seqscan = off");
            return String.join(
                    "\n",
                    handle.select("EXPLAIN " + query, key, 1)
                            .mapTo(String.class)
                            .list());
        });
    }
}
