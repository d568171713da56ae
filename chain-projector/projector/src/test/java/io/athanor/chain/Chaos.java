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
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochCommand.CloseEpoch;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsAnchored;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import io.athanor.local.TestEngines;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
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
    private static final PoolId POOL = PoolId.ofProvider(ChainWorld.wallet(4));
    private static final Ath BOND = Ath.ofWhole(100_000);
    private static final Ath TAKEN = Ath.ofWhole(60);

    private final long seed;
    private final Random random;
    private final ChainWorld world = new ChainWorld(TestEngines.anvilFinalAfter(FINAL_AFTER));
    private final Settlements settlements = new Settlements(world);
    private final Judgements judgements =
            new Judgements(world, POOL, new ChainNode(world.web3j).latest().time());
    private final Set<String> proven = new TreeSet<>();
    private int settled;
    private int crashes;
    private int reorgs;
    private int deposits;
    private int cases;
    private boolean quiet;

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

            @Override
            Header latest() {
                dies(2);
                return super.latest();
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
        world.treasury.bond(POOL, BOND);
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
                + " reorgs up to " + REORG_MOST + " deep, " + deposits + " deposits, " + rooted() + " roots, "
                + checkpoints() + " states of the records, " + proven.size() + " penalties of " + cases + " cases");
        rest(loop);
        requireAllOnce();
        requirePenaltiesOnce();
        requireDeposits();
    }

    /** What is still on its way becomes final and is read. */
    private void rest(ProjectorLoop last) {
        ProjectorLoop loop = last;
        for (int i = 0; i < 60; i++) {
            if (i % 20 == 0) {
                world.mine(2 * FINAL_AFTER);
            }
            loop = step(loop);
        }
    }

    private void settle() {
        if (chance(60)) {
            ask();
        }
        if (chance(40)) {
            judge();
        }
        long epoch = settled * EPOCHS_APART;
        settlements.settle(epoch, 1 + random.nextInt(4));
        world.log
                .send(Order.inside(
                        "test", null, List.of(new CloseEpoch(epoch, settlements.head(), world.clock.instant()))))
                .join();
        settled++;
    }

    /** A case whose reports are there, so that the book takes it, or one that only a root of withdrawals releases. */
    private void judge() {
        boolean reported = chance(60);
        cases++;
        if (reported) {
            judgements.judged(cases);
        } else {
            judgements.opened(cases);
        }
        String id = judgements.executed(cases, BOND, TAKEN).toString();
        if (reported) {
            proven.add(id);
        }
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
                && world.tables.payouts().unrooted().isEmpty()
                && openPenalties().stream().noneMatch(proven::contains);
    }

    /** Of those that are anchored. */
    private List<String> openPenalties() {
        long size = number("SELECT coalesce(max(size), 0) FROM chain.checkpoint");
        return world.tables.records().openPenalties(size).stream()
                .map(RecordTables.Row::subject)
                .toList();
    }

    private long number(String question) {
        return world.sql().queryForList(question, Long.class).getFirst();
    }

    private int checkpoints() {
        return Math.toIntExact(number("SELECT count(*) FROM chain.checkpoint"));
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
        if (chance(5)) {
            world.rpc("evm_increaseTime", 60);
        }
        world.mine(1);
        if (chance(3)) {
            tryDeposit();
        }
        if (!quiet && world.tables.signers().newest().isPresent()) {
            quiet = true;
            blocksForTransactions(false);
        }
        if (quiet && chance(9)) {
            reorgs++;
            world.rpc("anvil_reorg", 1 + random.nextInt(REORG_MOST), List.of());
        }
    }

    /**
     * Whether a transaction makes a block of its own. A block that is still being made while others are taken back leaves
     * the node in a state that no chain of blocks has, so blocks come with {@code mine} alone from the first signer set
     * on, whose sender waits for its block, and none is taken back before.
     */
    private void blocksForTransactions(boolean own) {
        world.rpc("evm_setAutomine", own);
    }

    /** A reorganisation drops it with its block, and its nonce becomes free again: the vault alone says what counts. */
    private void tryDeposit() {
        blocksForTransactions(true);
        try {
            world.treasury.deposit(CLIENT, Ath.ofWhole(1));
            deposits++;
        } catch (ChainFault e) {
            System.out.println("deposit: " + e.getMessage());
        } finally {
            blocksForTransactions(!quiet);
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
        assertThat(world.submissions()).as("one nonce each").isEqualTo(BATCHES + rooted() + checkpoints());
        assertThat(rooted()).isGreaterThan(3);
        assertThat(crashes).isGreaterThanOrEqualTo(100);
        assertThat(reorgs).isGreaterThanOrEqualTo(25);
    }

    /** Each state of the log of records came on chain, and each penalty that reports prove was taken once. */
    private void requirePenaltiesOnce() {
        for (int number = 1; number <= checkpoints(); number++) {
            assertThat(world.message(CosignKind.RECORDS, number).state()).isEqualTo(MessageTables.State.FINAL);
        }
        List<String> taken = world.sql().queryForList("SELECT penalty_case FROM chain.penalty", String.class);
        assertThat(proven).hasSizeGreaterThan(3).containsAll(taken);
        assertThat(openPenalties()).doesNotContainAnyElementsOf(proven);
        AthVault vault = Contracts.vault(world.contracts.vault(), world.web3j);
        Ath released = world.tables.bonds().releasedOnChain(POOL);
        assertThat(new Ath(Calls.read(vault.bonded(POOL.word().bytes()))))
                .as("what the final blocks released is all that left the bond")
                .isEqualTo(BOND.minus(released));
        assertThat(released.covers(TAKEN.times(taken.size()))).isTrue();
    }

    private void requireDeposits() {
        AthVault vault = Contracts.vault(world.contracts.vault(), world.web3j);
        long inbound = Calls.read(vault.lastInbound()).longValueExact();
        assertThat(world.log.events(DepositCredited.class))
                .extracting(DepositCredited::number)
                .isEqualTo(LongStream.rangeClosed(4, inbound).boxed().toList());
        assertThat(world.tables.ledger().takenUpTo(Long.MAX_VALUE).total())
                .isEqualTo(new Ath(Calls.read(vault.totalIn())));
    }
}
