package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.chain.MessageTables.State;
import io.athanor.chain.SignerTables.SignerSet;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochCommand.OpenEpoch;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signer sets follow the log's draws: signed by the set before, or installed by the admin where that one is silent. */
@Tag("chain")
@Tag("postgres")
class RotationIT {
    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private final ProjectorLoop loop = world.loop();

    @BeforeEach
    void firstSet() {
        world.begin(world.clock.instant());
        settlements.settle(1_000_000, 1);
        settlements.collect(loop, 1);
        assertThat(set().wallets()).hasSize(ChainWorld.CHECKERS);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private SignerSet set() {
        return world.tables.signers().newest().orElseThrow();
    }

    private static List<Wallet> wallets(int... indexes) {
        return Arrays.stream(indexes).mapToObj(ChainWorld::wallet).sorted().toList();
    }

    /** An epoch freezes these checkers, and the one after it draws from them. */
    private void draw(long epoch, int... checkers) {
        List<Candidate> frozen = IntStream.of(checkers)
                .mapToObj(i -> new Candidate(
                        ChainWorld.wallet(i + 10), ChainWorld.wallet(i), "o" + i, "n" + i, Ath.ofWhole(100_000)))
                .toList();
        open(epoch, frozen);
        open(epoch + 1, frozen);
    }

    private void open(long epoch, List<Candidate> frozen) {
        var now = world.clock.instant();
        world.log
                .send(Order.inside(
                        "test",
                        null,
                        List.of(new OpenEpoch(
                                epoch,
                                now,
                                now.plusSeconds(10),
                                1,
                                Hash32.keccak(new byte[] {(byte) epoch}),
                                frozen,
                                now))))
                .join();
    }

    private void run(int rounds, int... signers) {
        for (int i = 0; i < rounds; i++) {
            loop.tick();
            IntStream.of(signers).forEach(world::cosign);
            world.mine(ChainWorld.FINAL);
        }
        assertThat(world.halted()).isEmpty();
    }

    @Test
    void theOutgoingQuorumInstallsTheDrawAndTheNewOneSignsOn() {
        draw(2_000_000, 6, 7, 8, 9, 10);
        run(12, 5, 6, 7);
        assertThat(set().version()).isEqualTo(2);
        assertThat(set().wallets()).isEqualTo(wallets(6, 7, 8, 9, 10));
        assertThat(set().byAdmin()).isFalse();
        assertThat(world.state(1)).isEqualTo(State.FINAL);
        assertThat(world.message(CosignKind.SIGNERS, 2).state()).isEqualTo(State.FINAL);

        settlements.settle(2_000_005, 2);
        run(12, 5, 6);
        assertThat(world.state(2)).as("5 has no seat any more").isEqualTo(State.COLLECTING);
        assertThat(world.signatures(2, 9)).hasSize(1);
        run(8, 7, 8, 9);
        assertThat(world.state(2)).isEqualTo(State.FINAL);
        assertThat(world.submissions()).isEqualTo(3);
    }

    @Test
    void theSameDrawChangesNothing() {
        draw(2_000_000, 5, 6, 7, 8);
        run(8, 5, 6, 7);
        assertThat(set().version()).isEqualTo(1);
        assertThat(world.tables.messages().find(CosignKind.SIGNERS, 2)).isEmpty();
    }

    @Test
    void whereTheQuorumIsGoneTheAdminInstallsTheDrawAfterTheSilenceAndCollectingBeginsAnew() {
        draw(2_000_000, 9, 10, 11);
        run(6, 5, 6);
        assertThat(world.state(1)).as("two of three").isEqualTo(State.COLLECTING);
        assertThat(world.message(CosignKind.SIGNERS, 2).state()).isEqualTo(State.COLLECTING);
        assertThat(set().version()).isEqualTo(1);

        world.rpc("evm_increaseTime", 3 * 600);
        run(4);
        assertThat(set().version()).isEqualTo(2);
        assertThat(set().byAdmin()).isTrue();
        assertThat(set().wallets()).isEqualTo(wallets(9, 10, 11));
        run(10, 9, 10, 11);
        assertThat(world.state(1)).isEqualTo(State.FINAL);
        assertThat(world.tables.messages().find(CosignKind.SIGNERS, 2))
                .as("the change that waited in vain is given up")
                .isEmpty();
        assertThat(world.submissions()).isEqualTo(1);
    }
}
