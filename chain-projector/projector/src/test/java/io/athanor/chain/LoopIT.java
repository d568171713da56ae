package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.chain.MessageTables.State;
import io.athanor.domain.common.Ath;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.port.ChainStatus.Lane;
import io.athanor.domain.port.ChainStatus.Report;
import io.athanor.local.TestEngines;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The loop's own thread on a chain with a block a second: who leads, what survives, what an operator sees. */
@Tag("chain")
@Tag("postgres")
class LoopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChainWorld world = new ChainWorld(TestEngines.anvilWithBlocks());
    private final ProjectorLoop loop = realTime();

    @AfterEach
    void close() {
        loop.stop();
        world.close();
    }

    private ProjectorLoop realTime() {
        Assembly a = world.assembly(new ChainNode(world.web3j));
        return new Assembly(
                        a.node(),
                        a.web3j(),
                        a.contracts(),
                        a.tables(),
                        a.commands(),
                        a.events(),
                        a.eligible(),
                        a.submitter(),
                        a.admin(),
                        a.relayer(),
                        InstantSource.system())
                .loop();
    }

    @Test
    void depositsEpochsAndBatchesRunByThemselves() {
        Instant genesis = Instant.now();
        world.begin(genesis);
        world.treasury.deposit(ChainWorld.wallet(3), Ath.ofWhole(4));
        loop.start();
        await().atMost(PATIENCE).until(() -> world.log.events(EpochOpened.class).size() > 1);
        assertThat(world.tables.ledger().inbound(3)).isPresent();
        EpochOpened first = world.log.events(EpochOpened.class).get(0);
        EpochOpened second = world.log.events(EpochOpened.class).get(1);
        assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
        Instant seed = new ChainNode(world.web3j)
                .block(second.blockNumber())
                .orElseThrow()
                .time();
        assertThat(seed).isAfter(first.at()).isBefore(second.at());

        new Settlements(world).settle(1_000_000, 4);
        await().atMost(PATIENCE).until(() -> world.state(1) == State.COLLECTING);
        List.of(5, 6, 8).forEach(checker -> world.approve(checker, 1));
        await().atMost(PATIENCE).until(() -> world.state(1) == State.FINAL);
        assertThat(world.log.events(SettlementAnchored.class)).hasSize(1);
        assertThat(world.submissions()).isEqualTo(1);
        assertThat(world.halted()).isEmpty();
    }

    @Test
    void oneLeadsAndTheOtherFollowsWhenItStops() {
        ProjectorLoop other = realTime();
        loop.start();
        await().atMost(PATIENCE).until(() -> world.tables.progress().cursor().isPresent());
        other.start();
        await().atMost(PATIENCE).until(() -> connections() == 2);
        assertThat(leaders()).isEqualTo(1);
        loop.stop();
        assertThat(loop.isRunning()).isFalse();
        world.sql().execute("DELETE FROM chain.scan");
        await().atMost(PATIENCE).until(() -> world.tables.progress().cursor().isPresent());
        other.stop();
    }

    private int leaders() {
        return count("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                + " WHERE locktype = 'advisory' AND granted AND datname = current_database()");
    }

    /** Of the pool, those that the loops keep for themselves. */
    private int connections() {
        return world.pool.getHikariPoolMXBean().getActiveConnections();
    }

    private int count(String sql) {
        Integer count = world.sql().queryForObject(sql, Integer.class);
        return count == null ? -1 : count;
    }

    @Test
    void aLostConnectionIsTakenUpAgain() {
        loop.start();
        await().atMost(PATIENCE).until(() -> world.tables.progress().cursor().isPresent());
        new JdbcTemplate(new DriverManagerDataSource(world.database.adminUrl()))
                .queryForList("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        world.sql().execute("DELETE FROM chain.scan");
        await().atMost(PATIENCE).until(() -> count("SELECT count(*) FROM chain.scan") == 1);
        assertThat(loop.isRunning()).isTrue();
    }

    @Test
    void anOperatorSeesWhatHaltedAndLetsItGoOn() {
        ChainOperations operations = world.operations(loop);
        world.tables.progress().halt(ProgressTables.Part.OUTBOUND, "because", Instant.EPOCH);
        world.tables.progress().halt(ProgressTables.Part.OUTBOUND, "later", Instant.now());
        new Settlements(world).settle(0, 1);

        Report report = operations.report();

        assertThat(report.halted()).singleElement().satisfies(halt -> {
            assertThat(halt.part()).isEqualTo("OUTBOUND");
            assertThat(halt.reason()).isEqualTo("because");
            assertThat(halt.since()).isEqualTo(Instant.EPOCH);
        });
        assertThat(report.lanes()).contains(new Lane("BATCH", Map.of("SEALED", 1), 0, 0));
        assertThat(report.readBlock()).isEqualTo(-1);
        assertThat(report.finalBlock()).isNotNegative();
        assertThat(report.submitter().wallet()).isEqualTo(ChainWorld.wallet(1).address());
        assertThat(report.submitter().balance()).isEqualTo("10000" + "0".repeat(18));
        assertThat(report.submitter().low()).isFalse();
        assertThat(report.signerSet()).isZero();
        assertThat(report.endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.current()).isTrue();
            assertThat(endpoint.trusted()).isTrue();
            assertThat(endpoint.failures()).isZero();
        });
        loop.tick();
        assertThat(operations.report().waitingFor()).isEqualTo("an operator, to resume the part OUTBOUND");

        operations.resume();
        loop.tick();
        assertThat(operations.report().halted()).isEmpty();
        world.anvil.stop();
        loop.tick();
        assertThat(operations.report().finalBlock()).isNull();
        assertThat(operations.report().submitter().balance()).isNull();
        assertThat(operations.report().endpoints().getFirst().failures()).isPositive();
        assertThat(operations.report().endpoints().getFirst().trusted()).isFalse();
        assertThat(operations.report().waitingFor()).contains("does not answer eth_chainId");
    }
}
