package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.chain.Gateway.Mode;
import io.athanor.chain.MessageTables.State;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.KeySender;
import io.athanor.crypto.Wallets;
import io.athanor.domain.common.Ath;
import io.athanor.domain.epoch.EpochEvent.SettlementAnchored;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.ChainStatus.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.Web3j;

/** Nothing is sent to a chain, or by an account, that is not the expected one. */
@Tag("chain")
@Tag("postgres")
class StartIT {
    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);

    @AfterEach
    void close() {
        world.close();
    }

    private void settleFinal(ProjectorLoop loop) {
        settlements.settle(0, 2);
        settlements.sign(loop, 1);
        for (int i = 0; i < 3; i++) {
            loop.tick();
        }
        world.mine(ChainWorld.FINAL);
        loop.tick();
        assertThat(world.state(1)).as(loop.waitingFor().toString()).isEqualTo(State.FINAL);
    }

    @Test
    void aRestartAfterABatchGoesOn() {
        settleFinal(world.loop());
        ProjectorLoop restarted = world.loop();
        restarted.tick();
        assertThat(restarted.waitingFor()).isEmpty();
        assertThat(world.log.events(SettlementAnchored.class)).hasSize(1);
    }

    @Test
    void aBatchThatThisDatabaseNeverSentHalts() {
        settleFinal(world.loop());
        world.sql().execute("DELETE FROM chain.attempt");
        world.loop().tick();
        assertThat(world.halted()).startsWith("OUTBOUND the chain has batch 1 and this database never sent it");
    }

    @Test
    void anotherHeadHalts() {
        settleFinal(world.loop());
        world.sql().update("UPDATE chain.batch SET root = ?", Hash32.ZERO.hex());
        world.loop().tick();
        assertThat(world.halted()).startsWith("OUTBOUND batch 1 is on chain with head ");
    }

    @Test
    void aRelayWithoutCoinIsAnAlarmUntilItIsRefilled() {
        ProjectorLoop loop = world.loop();
        world.begin(world.clock.instant());
        loop.tick();
        assertThat(world.operations(loop).report().alarms()).isEmpty();

        String relay = ChainWorld.wallet(ChainWorld.RELAYER).address();
        world.rpc("anvil_setBalance", relay, "0x1");
        assertThat(world.operations(loop).report().alarms())
                .singleElement()
                .asString()
                .startsWith("the relay " + relay + " has 1 wei: refill it above ");

        world.rpc("anvil_setBalance", relay, "0xde0b6b3a7640000");
        assertThat(world.operations(loop).report().alarms()).isEmpty();
    }

    @Test
    void aSubmitterThatDidSomethingElseHalts() {
        ProjectorLoop loop = world.loop();
        settleFinal(loop);
        KeySender submitter = new KeySender(world.web3j, Wallets.devnet(1));
        submitter.send(ChainWorld.wallet(1), "0x");
        loop.tick();
        assertThat(world.halted()).as("checked at start").isEmpty();
        world.loop().tick();
        assertThat(world.halted()).contains("has sent 2 transactions, expected 1: its key was used for something else");
    }

    @Test
    void anotherSubmitterHalts() {
        settleFinal(world.loop());
        Assembly a = world.assembly(new ChainNode(world.web3j));
        new Assembly(
                        a.node(),
                        a.web3j(),
                        a.contracts(),
                        a.tables(),
                        a.commands(),
                        a.events(),
                        a.eligible(),
                        Wallets.devnet(9),
                        Optional.empty(),
                        Optional.empty(),
                        a.clock())
                .loop()
                .tick();
        assertThat(world.halted()).startsWith("OUTBOUND the submitter was " + ChainWorld.wallet(1));
    }

    @Test
    void theDirectoryNamesWhatIsOnChain() {
        var deployed = new DeployedContracts(world.contracts).contracts();
        assertThat(deployed.contracts()).hasSize(6).allSatisfy(contract -> {
            assertThat(contract.address()).isEqualTo(world.contracts.address(contract.name()));
            assertThat(contract.abi()).startsWith("[{");
        });
        assertThat(deployed.timelock()).isEqualTo(world.contracts.timelock());
    }

    @Test
    void otherCodeHalts() {
        Deployment d = world.contracts;
        Map<String, Hash32> hashes = new TreeMap<>(d.codeHashes());
        hashes.put("AthVault", Hash32.ZERO);
        Assembly a = world.assembly(new ChainNode(world.web3j));
        Deployment other = new Deployment(
                d.chainId(),
                d.token(),
                d.log(),
                d.vault(),
                d.agreements(),
                d.penalties(),
                d.governance(),
                d.deployBlock(),
                d.deployer(),
                d.firstNonce(),
                hashes);
        new Assembly(
                        a.node(),
                        a.web3j(),
                        other,
                        a.tables(),
                        a.commands(),
                        a.events(),
                        a.eligible(),
                        a.submitter(),
                        a.admin(),
                        a.relayer(),
                        a.clock())
                .loop()
                .tick();
        assertThat(world.halted()).startsWith("CHAIN " + d.vault() + " holds no code or other code than AthVault");
        assertThat(world.tables.progress().cursor()).isEmpty();
    }

    @Test
    void aNodeThatChangesItsChainHaltsAndTheRightOneGoesOn() {
        try (Gateway gateway = new Gateway(world.node())) {
            Web3j web3j = Web3j.build(new Endpoints(List.of(gateway.address()), ChainWorld.CHAIN));
            ProjectorLoop loop = world.loop(new ChainNode(web3j));
            loop.tick();
            assertThat(world.halted()).isEmpty();
            gateway.mode(Mode.OTHER_CHAIN);
            int before = gateway.requests();
            loop.tick();
            assertThat(world.halted()).isEqualTo("CHAIN the node is of chain 1, the contracts of 31337");
            assertThat(gateway.requests()).as("asked nothing else").isEqualTo(before);
            loop.tick();
            assertThat(gateway.requests()).isEqualTo(before);

            gateway.mode(Mode.OPEN);
            world.operations(loop).resume();
            loop.tick();
            assertThat(loop.waitingFor()).isEmpty();
            web3j.shutdown();
        }
    }

    @Test
    void aNodeThatStandsStillIsLeftForOneThatGoesOn() {
        world.mine(ChainWorld.FINAL);
        try (Gateway first = new Gateway(world.node());
                Gateway second = new Gateway(world.node())) {
            Endpoints endpoints = new Endpoints(List.of(first.address(), second.address()), ChainWorld.CHAIN);
            endpoints.compareHeads();
            assertThat(endpoints.health()).extracting(Endpoint::current).containsExactly(true, false);

            first.mode(Mode.STANDS_STILL);
            endpoints.compareHeads();
            assertThat(endpoints.health()).extracting(Endpoint::current).containsExactly(false, true);
            assertThat(endpoints.health().getFirst().lastError()).contains("its newest block is 1, another node has");

            first.mode(Mode.OPEN);
            second.mode(Mode.STANDS_STILL);
            endpoints.compareHeads();
            assertThat(endpoints.health()).extracting(Endpoint::current).containsExactly(true, false);
            endpoints.close();
        }
    }

    @Test
    void aNodeThatIsDownIsPassedOverAndOneOfAnotherChainIsNeverAsked() {
        world.treasury.deposit(ChainWorld.wallet(3), Ath.ofWhole(1));
        world.mine(ChainWorld.FINAL);
        try (Gateway down = new Gateway(world.node());
                Gateway other = new Gateway(world.node());
                Gateway good = new Gateway(world.node())) {
            down.mode(Mode.DOWN);
            other.mode(Mode.OTHER_CHAIN);
            Web3j web3j = Web3j.build(
                    new Endpoints(List.of(down.address(), other.address(), good.address()), ChainWorld.CHAIN));
            ProjectorLoop loop = world.loop(new ChainNode(web3j));
            good.mode(Mode.DOWN);
            loop.tick();
            assertThat(loop.waitingFor()).isPresent();
            assertThat(world.halted()).as("some may come back").isEmpty();

            good.mode(Mode.OPEN);
            loop.tick();
            assertThat(world.tables.ledger().inbound(3)).isPresent();
            assertThat(other.requests()).isZero();
            assertThat(good.requests()).isPositive();

            good.mode(Mode.DOWN);
            down.mode(Mode.OPEN);
            loop.tick();
            assertThat(loop.waitingFor()).isEmpty();
            assertThat(down.requests()).isPositive();
            assertThat(other.requests()).isZero();
            web3j.shutdown();
        }
    }

    @Test
    void endpointsOfAnotherChainAloneHalt() {
        try (Gateway other = new Gateway(world.node())) {
            other.mode(Mode.OTHER_CHAIN);
            Web3j web3j = Web3j.build(new Endpoints(List.of(other.address()), ChainWorld.CHAIN));
            world.loop(new ChainNode(web3j)).tick();
            assertThat(world.halted())
                    .startsWith("CHAIN http://127.0.0.1:")
                    .endsWith("is a node of chain 0x1, expected 31337");
            assertThat(other.requests()).isZero();
            web3j.shutdown();
        }
    }
}
