package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.chain.BatchTables.State;
import io.athanor.contracts.Calls;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Ath;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Seeded crashes and reorganisations: batches and deposits end in order, each exactly once. */
@Tag("chain")
@Tag("postgres")
class ChaosIT {
    private static final int BATCHES = 60;
    private static final int STEPS_MOST = 4_000;
    private static final int REORG_MOST = 5;

    private final long seed = Long.getLong("athanor.seed", 20_260_101L);
    private final Random random = new Random(seed);
    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private int crashes;
    private int reorgs;
    private int deposits;

    @AfterEach
    void close() {
        world.close();
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** A process that may be killed at any question to the chain; a new one follows. */
    private ProjectorLoop process() {
        return world.loop(new ChainNode(world.web3j) {
            @Override
            void broadcast(String raw) {
                dies(30);
                super.broadcast(raw);
                dies(30);
            }

            @Override
            Header finalized() {
                dies(2);
                return super.finalized();
            }

            private void dies(int percent) {
                if (chance(percent)) {
                    crashes++;
                    throw new Killed();
                }
            }
        });
    }

    /** Not a RuntimeException, so that the loop cannot go on after it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void everythingEndsInOrderAndOnce() {
        world.mine(ChainWorld.FINAL);
        ProjectorLoop loop = process();
        int settled = 0;
        int steps = 0;
        while (!done() && steps < STEPS_MOST) {
            steps++;
            if (settled < BATCHES && chance(15)) {
                settlements.settle(settled, 1 + random.nextInt(4));
                settled++;
            }
            loop = step(loop);
            signs();
            chain();
        }
        System.out.println("seed " + seed + ": " + steps + " steps, " + crashes + " crashes, " + reorgs + " reorgs, "
                + deposits + " deposits");
        assertThat(world.halted()).as("seed %s", seed).isEmpty();
        assertThat(world.log.events(SettlementAnchored.class))
                .extracting(SettlementAnchored::seq)
                .as("seed %s", seed)
                .isEqualTo(LongStream.rangeClosed(1, BATCHES).boxed().toList());
        assertThat(world.submissions()).isEqualTo(BATCHES);
        assertThat(crashes).isGreaterThan(50);
        assertThat(reorgs).isGreaterThan(15);
        requireDeposits(loop);
    }

    private boolean done() {
        return world.tables
                .batches()
                .batch(BATCHES)
                .filter(row -> row.state() == State.FINAL)
                .isPresent();
    }

    private ProjectorLoop step(ProjectorLoop loop) {
        try {
            loop.tick();
            world.clock.advance(Duration.ofSeconds(1));
            return loop;
        } catch (Killed e) {
            return process();
        }
    }

    private void signs() {
        for (int checker = 5; checker < 8; checker++) {
            int signer = checker;
            world.approvals
                    .waitingFor(ChainWorld.wallet(checker))
                    .forEach(duty -> world.approve(signer, duty.batch().seq()));
        }
    }

    private void chain() {
        world.mine(1);
        if (chance(3)) {
            tryDeposit();
        }
        if (chance(9)) {
            reorgs++;
            world.rpc("anvil_reorg", 1 + random.nextInt(REORG_MOST), List.of());
        }
    }

    /** A reorganisation drops it with its block, and its nonce becomes free again: the vault alone says what counts. */
    private void tryDeposit() {
        try {
            world.treasury.deposit(ChainWorld.wallet(3), Ath.ofWhole(1));
            deposits++;
        } catch (ChainFault e) {
            System.out.println("deposit: " + e.getMessage());
        }
    }

    private void requireDeposits(ProjectorLoop last) {
        world.mine(ChainWorld.FINAL);
        ProjectorLoop loop = last;
        for (int i = 0; i < 20; i++) {
            loop = step(loop);
        }
        AthVault vault = Contracts.vault(world.contracts.vault(), world.web3j);
        long inbound = Calls.read(vault.lastInbound()).longValueExact();
        assertThat(world.log.events(DepositCredited.class))
                .extracting(DepositCredited::number)
                .isEqualTo(LongStream.rangeClosed(3, inbound).boxed().toList());
        assertThat(world.tables.ledger().takenUpTo(Long.MAX_VALUE).total())
                .isEqualTo(new Ath(Calls.read(vault.totalIn())));
    }
}
