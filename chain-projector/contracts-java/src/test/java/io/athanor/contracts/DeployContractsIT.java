package io.athanor.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.crypto.Wallets;
import io.athanor.domain.common.Ath;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.AnvilEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.response.BooleanResponse;
import org.web3j.protocol.http.HttpService;

/** A deployment happens once, goes on after a crash at any step, and is checked before it is believed. */
@Tag("chain")
class DeployContractsIT {
    private static final int STEPS = 9;

    private AnvilEngine anvil;
    private Web3j web3j;
    private KeySender deployer;
    private Path file;

    @BeforeEach
    void start() {
        anvil = TestEngines.anvil();
        web3j = Web3j.build(new HttpService(anvil.rpc().toString()));
        deployer = new KeySender(web3j, Wallets.devnet(0));
        file = ChainIT.folder().resolve("contracts.json");
    }

    @AfterEach
    void stop() {
        web3j.shutdown();
        anvil.close();
    }

    @Test
    void aSecondRunChangesNothing() throws IOException {
        Deployment first = run();
        byte[] written = Files.readAllBytes(file);
        assertThat(transactions()).isEqualTo(STEPS);
        assertThat(run()).isEqualTo(first);
        assertThat(transactions()).isEqualTo(STEPS);
        assertThat(Files.readAllBytes(file)).isEqualTo(written);
        assertThat(first.codeHashes()).containsOnlyKeys(Contracts.ALL);
    }

    @Test
    void goesOnAfterACrashAtEachStep() {
        Deployment plan = GenesisSteps.plan(deployer.chainId(), deployer.wallet(), 0, 0);
        plan.write(file);
        List<KeySender.Planned> steps = new ArrayList<>(GenesisSteps.creations(plan, ChainIT.terms()));
        steps.addAll(GenesisSteps.funding(plan, ChainIT.terms(), web3j));
        assertThat(steps).hasSize(STEPS);
        for (int i = 0; i < STEPS - 1; i++) {
            deployer.ensure(BigInteger.valueOf(i), List.of(steps.get(i)));
            deployer.ensure(BigInteger.ZERO, steps.subList(0, i + 1));
            assertThat(transactions()).isEqualTo(i + 1);
        }
        assertThat(run().address(Contracts.VAULT)).isEqualTo(plan.vault());
        assertThat(transactions()).isEqualTo(STEPS);
    }

    @Test
    void startsAtAnyNonce() {
        deployer.send(deployer.wallet(), "0x");
        Deployment deployment = run();
        assertThat(deployment.firstNonce()).isEqualTo(1);
        assertThat(deployment.deployBlock()).isEqualTo(1);
    }

    @Test
    void aForeignTransactionInThePlanIsFound() {
        Deployment plan = GenesisSteps.plan(deployer.chainId(), deployer.wallet(), 0, 0);
        plan.write(file);
        deployer.send(deployer.wallet(), "0x");
        assertThatThrownBy(this::run).isInstanceOf(ChainFault.class).hasMessageContaining("mined and failed");
        assertThatThrownBy(this::run).isInstanceOf(ChainFault.class).hasMessageContaining("no code");
    }

    /** With a block a second the plan is done after two of them, not after one a step. */
    @Test
    void slowBlocksAreShared() {
        anvilRpc("evm_setIntervalMining", 1);
        long before = System.nanoTime();
        Deployment deployment = run();
        System.out.println("deployed in " + (System.nanoTime() - before) / 1_000_000 + " ms with a block a second");
        long block = blockNumber();
        assertThat(block - deployment.deployBlock()).isLessThanOrEqualTo(3);
        assertThat(transactions()).isEqualTo(STEPS);
    }

    private void anvilRpc(String method, Object parameter) {
        try {
            new Request<>(
                            method,
                            List.of(parameter),
                            new HttpService(anvil.rpc().toString()),
                            BooleanResponse.class)
                    .send();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long blockNumber() {
        return KeySender.answer(web3j.ethBlockNumber()).getBlockNumber().longValueExact();
    }

    @Test
    void aChainThatLostItsStateIsFound() {
        Deployment deployment = run();
        try (AnvilEngine other = TestEngines.anvil()) {
            Web3j empty = Web3j.build(new HttpService(other.rpc().toString()));
            assertThatThrownBy(() -> DeployContracts.verified(deployment, empty))
                    .isInstanceOf(ChainFault.class)
                    .hasMessageContaining("no code");
            assertThat(DeployContracts.verified(deployment, web3j)).isEqualTo(deployment);
            empty.shutdown();
        }
    }

    @Test
    void anotherChainOrDeployerIsFound() {
        Deployment deployment = run();
        Deployment elsewhere = new Deployment(
                1,
                deployment.token(),
                deployment.log(),
                deployment.vault(),
                deployment.agreements(),
                deployment.penalties(),
                deployment.governance(),
                0,
                deployment.deployer(),
                0,
                deployment.codeHashes());
        assertThatThrownBy(() -> DeployContracts.verified(elsewhere, web3j))
                .hasMessage("the node is of chain 31337, the contracts of 1");
        GenesisSteps.plan(31337, ChainIT.terms().guardian(), 0, 0).write(file);
        assertThatThrownBy(this::run).isInstanceOf(ChainFault.class).hasMessageContaining("plans a deployment by");
    }

    @Test
    void reservesMayBeEmpty() {
        GenesisTerms terms = ChainIT.terms();
        GenesisTerms none = new GenesisTerms(
                terms.admin(),
                terms.installer(),
                terms.guardian(),
                terms.submitter(),
                terms.day(),
                terms.dailyLimit(),
                Ath.ZERO,
                Ath.ZERO);
        new DeployContracts(deployer, none, file).run();
        assertThat(transactions()).isEqualTo(6);
    }

    private Deployment run() {
        return new DeployContracts(deployer, ChainIT.terms(), file).run();
    }

    private int transactions() {
        return deployer.transactions(DefaultBlockParameterName.LATEST).intValueExact();
    }
}
