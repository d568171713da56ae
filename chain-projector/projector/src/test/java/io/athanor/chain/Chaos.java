package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.contracts.Calls;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.account.AccountCommand.RequestWithdrawal;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochCommand.CloseEpoch;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.port.Commands.Order;
import io.athanor.local.TestEngines;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;

/** One seed's run: a projector that is killed at any question, on a chain that takes blocks back. */
final class Chaos implements AutoCloseable {
    private static final int BATCHES = 60;
    private static final int STEPS_MOST = 4_000;
    private static final int REORG_MOST = 12;
    private static final int FINAL_AFTER = 16;
    /** Of the epochs that are settled, so that days pass. */
    private static final long EPOCHS_APART = 40;

    private static final Wallet CLIENT = ChainWorld.wallet(3);

    private final long seed;
    private final Random random;
    private final ChainWorld world = new ChainWorld(TestEngines.anvilFinalAfter(FINAL_AFTER));
    private final Settlements settlements = new Settlements(world);
    private int settled;
    private int crashes;
    private int reorgs;
    private int deposits;

    Chaos(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    @Override
    public void close() {
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

    void run() {
        world.begin(world.clock.instant());
        world.treasury.deposit(CLIENT, Ath.ofWhole(100_000));
        world.mine(2 * FINAL_AFTER);
        ProjectorLoop loop = process();
        int steps = 0;
        while (!done() && steps < STEPS_MOST) {
            steps++;
            if (settled < BATCHES && chance(15)) {
                settle();
            }
            loop = step(loop);
            signs();
            chain();
        }
        System.out.println("seed " + seed + ": " + steps + " steps, " + crashes + " crashes, " + reorgs
                + " reorgs up to " + REORG_MOST + " deep, " + deposits + " deposits, " + rooted() + " roots");
        requireAllOnce();
        requireDeposits(loop);
    }

    private void settle() {
        if (chance(60)) {
            ask();
        }
        long epoch = settled * EPOCHS_APART;
        settlements.settle(epoch, 1 + random.nextInt(4));
        world.log
                .send(Order.inside(
                        "test", null, List.of(new CloseEpoch(epoch, settlements.head(), world.clock.instant()))))
                .join();
        settled++;
    }

    private void ask() {
        var now = world.clock.instant();
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Authorization signed = new Authorization(new CommandId(id), CLIENT, CLIENT, now.plusSeconds(60), "0x00");
        world.log
                .send(Order.inside("test", null, List.of(new RequestWithdrawal(CLIENT, Ath.ofWhole(1), signed, now))))
                .exceptionally(notYetCredited -> null)
                .join();
    }

    private boolean done() {
        return settled == BATCHES
                && world.tables.messages().open(1).isEmpty()
                && world.tables.payouts().unrooted().isEmpty();
    }

    private int rooted() {
        return world.log.events(WithdrawalsRooted.class).size();
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
            world.cosign(checker);
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
            world.treasury.deposit(CLIENT, Ath.ofWhole(1));
            deposits++;
        } catch (ChainFault e) {
            System.out.println("deposit: " + e.getMessage());
        }
    }

    private void requireAllOnce() {
        assertThat(world.halted()).as("seed %s", seed).isEmpty();
        assertThat(world.log.events(SettlementAnchored.class))
                .extracting(SettlementAnchored::seq)
                .as("seed %s", seed)
                .isEqualTo(LongStream.rangeClosed(1, BATCHES).boxed().toList());
        assertThat(world.log.events(WithdrawalsAnchored.class))
                .extracting(WithdrawalsAnchored::number)
                .as("seed %s", seed)
                .isEqualTo(LongStream.rangeClosed(1, rooted()).boxed().toList());
        SettlementLog log = Contracts.log(world.contracts.log(), world.web3j);
        assertThat(Calls.read(log.last()).component1()).isEqualTo(BATCHES);
        assertThat(world.submissions()).as("one nonce each").isEqualTo(BATCHES + rooted());
        assertThat(rooted()).isGreaterThan(3);
        assertThat(crashes).isGreaterThanOrEqualTo(100);
        assertThat(reorgs).isGreaterThanOrEqualTo(25);
    }

    private void requireDeposits(ProjectorLoop last) {
        world.mine(2 * FINAL_AFTER);
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
