package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.athanor.chain.MessageTables.Attempt;
import io.athanor.chain.MessageTables.State;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.KeySender;
import io.athanor.crypto.Wallets;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionDecoder;

/** Crashes, reorganisations, refusals and slow blocks: each batch still counts exactly once. */
@Tag("chain")
@Tag("postgres")
class FaultIT {
    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private final ProjectorLoop loop = world.loop();

    @BeforeEach
    void sign() {
        settlements.settle(0, 3);
        settlements.sign(loop, 1);
        assertThat(world.state(1)).isEqualTo(State.SIGNED);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void ticks(ProjectorLoop runner, int count) {
        for (int i = 0; i < count; i++) {
            runner.tick();
        }
    }

    private List<Attempt> attempts() {
        return world.attempts(1);
    }

    private void endsFinalOnce(ProjectorLoop runner) {
        ticks(runner, 3);
        world.mine(ChainWorld.FINAL);
        ticks(runner, 3);
        assertThat(world.state(1)).as(runner.waitingFor().toString()).isEqualTo(State.FINAL);
        assertThat(world.log.events(SettlementAnchored.class)).hasSize(1);
        assertThat(world.submissions()).isEqualTo(1);
        assertThat(world.halted()).isEmpty();
    }

    @Test
    void aCrashBetweenStoringAndSendingSendsOnce() {
        world.loop(new ChainNode(world.web3j) {
                    @Override
                    void broadcast(String raw) {
                        throw new IllegalStateException("killed before sending");
                    }
                })
                .tick();
        assertThat(attempts()).hasSize(1);
        String stored = attempts().getFirst().raw();
        assertThat(world.submissions()).isZero();

        ProjectorLoop restarted = world.loop();
        endsFinalOnce(restarted);

        assertThat(attempts()).extracting(Attempt::raw).containsExactly(stored);
    }

    @Test
    void aCrashBetweenSendingAndRememberingSendsOnce() {
        world.loop(new ChainNode(world.web3j) {
                    @Override
                    void broadcast(String raw) {
                        super.broadcast(raw);
                        throw new IllegalStateException("killed after sending");
                    }
                })
                .tick();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(world.submissions()).isEqualTo(1));
        assertThat(world.state(1)).isEqualTo(State.SIGNED);

        endsFinalOnce(world.loop());

        assertThat(attempts()).hasSize(1);
    }

    @Test
    void aReorganisationSendsTheSameBytesAgain() {
        ticks(loop, 2);
        world.mine(2);
        loop.tick();
        assertThat(world.state(1)).isEqualTo(State.MINED);
        String stored = attempts().getFirst().raw();

        world.rpc("anvil_reorg", 4, List.of());
        assertThat(world.submissions()).isZero();
        loop.tick();
        assertThat(world.state(1)).isEqualTo(State.SENT);

        endsFinalOnce(loop);
        assertThat(attempts()).extracting(Attempt::raw).containsExactly(stored);
    }

    @Test
    void aBlockThatTakesTooLongIsOfferedMore() {
        world.rpc("evm_setAutomine", false);
        ticks(loop, 2);
        assertThat(attempts()).hasSize(1);
        world.clock.advance(MessageSender.RAISE_AFTER.minusSeconds(1));
        loop.tick();
        assertThat(attempts()).hasSize(1);
        world.clock.advance(MessageSender.RESEND_AFTER);
        loop.tick();
        assertThat(attempts()).hasSize(2);

        RawTransaction first = TransactionDecoder.decode(attempts().getLast().raw());
        RawTransaction second = TransactionDecoder.decode(attempts().getFirst().raw());
        assertThat(second.getNonce()).isEqualTo(first.getNonce());
        assertThat(second.getData()).isEqualTo(first.getData());
        assertThat(attempts().getFirst().fees())
                .isEqualTo(attempts().getLast().fees().raised());
        world.rpc("evm_setAutomine", true);
        world.mine(1);
        endsFinalOnce(loop);
        assertThat(world.batch(1).transaction()).isEqualTo(attempts().getFirst().transaction());
    }

    @Test
    void aPausedContractIsWaitedForWithoutATransaction() {
        guardianPauses();
        loop.tick();
        assertThat(loop.waitingFor().orElseThrow()).contains("Paused");
        assertThat(attempts()).isEmpty();
        assertThat(world.submissions()).isZero();

        adminUnpauses();
        endsFinalOnce(loop);
    }

    @Test
    void aRefusalInAFinalBlockHaltsAndResumeSendsItAgain() {
        world.rpc("evm_setAutomine", false);
        loop.tick();
        Object pause = Contracts.log(world.contracts.log(), world.web3j).pause().encodeFunctionCall();
        String price = "0x" + BigInteger.valueOf(400_000_000_000L).toString(16);
        world.rpc(
                "eth_sendTransaction",
                Map.of(
                        "from",
                        ChainWorld.wallet(2).address(),
                        "to",
                        world.contracts.log().address(),
                        "data",
                        pause,
                        "maxFeePerGas",
                        price,
                        "maxPriorityFeePerGas",
                        price));
        world.mine(1);
        world.rpc("evm_setAutomine", true);
        ticks(loop, 2);
        assertThat(world.halted()).as("not final yet").isEmpty();
        world.mine(ChainWorld.FINAL);
        loop.tick();
        assertThat(world.halted()).startsWith("OUTBOUND the contract refused batch 1 in transaction 0x");
        assertThat(world.submissions()).isEqualTo(1);

        adminUnpauses();
        world.operations(loop).resume();
        ticks(loop, 3);
        world.mine(ChainWorld.FINAL);
        loop.tick();
        assertThat(world.state(1)).isEqualTo(State.FINAL);
        assertThat(attempts()).extracting(Attempt::nonce).containsExactly(1L);
    }

    private void guardianPauses() {
        KeySender guardian = new KeySender(world.web3j, Wallets.devnet(2));
        guardian.send(
                world.contracts.log(),
                Contracts.log(world.contracts.log(), world.web3j).pause().encodeFunctionCall());
    }

    private void adminUnpauses() {
        world.admin.send(
                world.contracts.log(),
                Contracts.log(world.contracts.log(), world.web3j).unpause().encodeFunctionCall());
    }

    @Test
    void anEmptyAccountIsWaitedFor() {
        world.rpc("anvil_setBalance", ChainWorld.wallet(1).address(), "0x0");
        loop.tick();
        assertThat(loop.waitingFor()).isPresent();
        assertThat(world.halted()).isEmpty();
        assertThat(world.operations(loop).report().submitter().balance()).isEqualTo("0");
        assertThat(world.operations(loop).report().submitter().low()).isTrue();

        world.rpc("anvil_setBalance", ChainWorld.wallet(1).address(), "0x8ac7230489e80000");
        endsFinalOnce(loop);
    }

    @Test
    void aSilentNodeIsWaitedFor() {
        ProjectorLoop cut = world.loop(new ChainNode(world.web3j) {
            @Override
            long chainId() {
                throw new ChainFault("silence");
            }
        });
        cut.tick();
        assertThat(cut.waitingFor()).contains("silence");
        assertThat(world.state(1)).as("nothing without the gate").isEqualTo(State.SIGNED);
        endsFinalOnce(world.loop());
    }
}
