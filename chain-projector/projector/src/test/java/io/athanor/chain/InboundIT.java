package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.Account;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.core.methods.response.Log;

/** Deposits, bonds and reserves reach the log once and in order, and nothing else does. */
@Tag("chain")
@Tag("postgres")
class InboundIT {
    private static final Wallet CLIENT = ChainWorld.wallet(3);
    private static final PoolId POOL = PoolId.ofChecker(ChainWorld.wallet(6));

    private final ChainWorld world = ChainWorld.create();

    @AfterEach
    void close() {
        world.close();
    }

    private List<Long> deposits() {
        return world.log.events(DepositCredited.class).stream()
                .map(DepositCredited::number)
                .toList();
    }

    private Ath available() {
        return world.log
                .state(StreamId.of(StreamId.ACCOUNT, CLIENT), Account.EMPTY)
                .available();
    }

    @Test
    void transfersArriveOnceAndInOrder() {
        world.treasury.deposit(CLIENT, Ath.ofWhole(5));
        world.treasury.bond(POOL, Ath.ofWhole(70));
        world.treasury.deposit(CLIENT, Ath.ofWhole(6));
        ProjectorLoop loop = world.loop();
        loop.tick();
        assertThat(available()).as("not final yet").isEqualTo(Ath.ZERO);

        world.mine(ChainWorld.FINAL);
        loop.tick();

        assertThat(world.log.events(ReserveCredited.class))
                .extracting(ReserveCredited::number)
                .containsExactly(1L, 2L);
        assertThat(deposits()).containsExactly(3L, 5L);
        assertThat(world.log.events(StakeBonded.class))
                .extracting(StakeBonded::number)
                .containsExactly(4L);
        assertThat(available()).isEqualTo(Ath.ofWhole(11));
        assertThat(world.log
                        .state(StreamId.of(StreamId.POOL, POOL), StakePool.EMPTY)
                        .selfBond())
                .isEqualTo(Ath.ofWhole(70));
        assertThat(world.halted()).isEmpty();
    }

    @Test
    void aRestartRepeatsNothing() {
        world.treasury.deposit(CLIENT, Ath.ofWhole(5));
        world.mine(ChainWorld.FINAL);
        world.loop().tick();
        int orders = world.log.orders();

        world.loop().tick();
        assertThat(world.log.orders()).as("the cursor was stored").isEqualTo(orders);

        world.sql().execute("DELETE FROM chain.scan");
        world.loop().tick();
        assertThat(world.log.orders()).as("a crash before that").isEqualTo(orders);

        world.sql().execute("DELETE FROM chain.scan; DELETE FROM chain.inbound");
        world.loop().tick();
        assertThat(world.log.orders()).as("and the outbox behind").isGreaterThan(orders);
        assertThat(deposits()).containsExactly(3L);
        assertThat(available()).isEqualTo(Ath.ofWhole(5));
    }

    @Test
    void aGapHaltsAndResumeGoesOn() {
        world.treasury.deposit(CLIENT, Ath.ofWhole(5));
        world.treasury.deposit(CLIENT, Ath.ofWhole(6));
        world.mine(ChainWorld.FINAL);
        ProjectorLoop loop = world.loop(new ChainNode(world.web3j) {
            @Override
            List<Log> logs(List<Wallet> contracts, List<String> topics, long from, long to) {
                List<Log> all = super.logs(contracts, topics, from, to);
                return List.of(all.get(0), all.get(1), all.get(3));
            }
        });
        loop.tick();
        assertThat(world.halted()).isEqualTo("CHAIN transfer 3 is missing; the vault went on with 4");
        assertThat(deposits()).isEmpty();

        ProjectorLoop honest = world.loop();
        honest.tick();
        assertThat(deposits()).as("halted for every node").isEmpty();
        world.operations(honest).resume();
        honest.tick();
        assertThat(deposits()).containsExactly(3L, 4L);
        assertThat(world.halted()).isEmpty();
    }

    @Test
    void aChangedFinalBlockHaltsAndTheSameMoneyElsewhereGoesOn() {
        Object before = world.rpc("evm_snapshot");
        world.treasury.deposit(CLIENT, Ath.ofWhole(5));
        world.mine(ChainWorld.FINAL);
        ProjectorLoop loop = world.loop();
        loop.tick();
        assertThat(deposits()).containsExactly(3L);

        world.rpc("evm_revert", before);
        world.mine(1);
        world.treasury.deposit(CLIENT, Ath.ofWhole(5));
        world.mine(2 * ChainWorld.FINAL);
        loop.tick();
        assertThat(world.halted()).startsWith("CHAIN block ").contains("was final as 0x");

        world.treasury.deposit(CLIENT, Ath.ofWhole(1));
        world.mine(ChainWorld.FINAL);
        loop.tick();
        assertThat(deposits()).as("halted").containsExactly(3L);
        world.operations(loop).resume();
        loop.tick();
        assertThat(world.halted()).isEmpty();
        assertThat(deposits()).containsExactly(3L, 4L);
    }

    @Test
    void otherMoneyUnderAKnownNumberStaysHalted() {
        Object before = world.rpc("evm_snapshot");
        world.treasury.deposit(CLIENT, Ath.ofWhole(5));
        world.mine(ChainWorld.FINAL);
        ProjectorLoop loop = world.loop();
        loop.tick();

        world.rpc("evm_revert", before);
        world.treasury.deposit(CLIENT, Ath.ofWhole(9));
        world.mine(2 * ChainWorld.FINAL);
        loop.tick();
        world.operations(loop).resume();
        loop.tick();

        assertThat(world.halted()).startsWith("CHAIN the log took transfer 3 as ");
        assertThat(available()).isEqualTo(Ath.ofWhole(5));
    }

    @Test
    void aNodeThatIsBehindIsWaitedFor() {
        world.mine(ChainWorld.FINAL);
        Object before = world.rpc("evm_snapshot");
        world.mine(3 * ChainWorld.FINAL);
        ProjectorLoop loop = world.loop();
        loop.tick();
        assertThat(loop.waitingFor()).isEmpty();

        world.rpc("evm_revert", before);
        loop.tick();

        assertThat(loop.waitingFor().orElseThrow()).contains("behind block");
        assertThat(world.halted()).isEmpty();
    }
}
