package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.chain.MessageTables.State;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The log's money and the vault's counters are compared once an epoch. */
@Tag("chain")
@Tag("postgres")
class ReconciliationIT {
    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private final ProjectorLoop loop = world.loop();

    @BeforeEach
    void transfers() {
        world.treasury.deposit(ChainWorld.wallet(3), Ath.ofWhole(5));
        world.treasury.bond(PoolId.ofProvider(ChainWorld.wallet(4)), Ath.ofWhole(7));
        world.mine(ChainWorld.FINAL);
        loop.tick();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void equalSumsPassAndAWeiTooMuchHalts() {
        settlements.settle(0, 1);
        loop.tick();
        assertThat(world.halted()).isEmpty();

        world.sql().execute("UPDATE chain.inbound SET amount = amount + 1 WHERE number = 3");
        loop.tick();
        assertThat(world.halted()).as("once an epoch").isEmpty();
        settlements.settle(1, 1);
        loop.tick();

        assertThat(world.halted()).startsWith("PAYOUTS at block ").contains("the vault's totalIn is ");
        world.treasury.deposit(ChainWorld.wallet(3), Ath.ofWhole(2));
        world.mine(ChainWorld.FINAL);
        loop.tick();
        assertThat(world.tables.ledger().inbound(5)).as("inbound goes on").isPresent();
        assertThat(world.state(2)).as("settled work goes on").isNotEqualTo(State.SEALED);

        world.operations(loop).resume();
        loop.tick();
        assertThat(world.halted()).as("still wrong").contains("totalIn");
        world.sql().execute("UPDATE chain.inbound SET amount = amount - 1 WHERE number = 3");
        world.operations(loop).resume();
        settlements.collect(loop, 2);
        assertThat(world.halted()).isEmpty();
    }

    @Test
    void aBondTakenAsADepositHalts() {
        world.sql().execute("UPDATE chain.inbound SET kind = 0 WHERE kind = 1");
        settlements.settle(0, 1);
        loop.tick();
        assertThat(world.halted())
                .contains("the vault's totalBonded is 7000000000000000000, ")
                .endsWith("give 0");
    }

    @Test
    void aTransferThatTheLogNeverShowsHaltsWithTheNextEpoch() {
        world.sql().execute("DELETE FROM chain.inbound WHERE number = 4");
        settlements.settle(0, 1);
        loop.tick();
        assertThat(world.halted()).as("the tables may be behind").isEmpty();
        settlements.settle(1, 1);
        loop.tick();
        assertThat(world.halted())
                .contains("the vault had 4 transfers at block")
                .endsWith("the log had only 3 and 0");
    }
}
