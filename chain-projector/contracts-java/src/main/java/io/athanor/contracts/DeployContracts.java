package io.athanor.contracts;

import static io.athanor.contracts.KeySender.answer;

import io.athanor.contracts.KeySender.Planned;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.RemoteFunctionCall;

/**
 * Deploys token, settlement log, vault, agreement book, penalty book and governance once, whatever crashes: what is done follows from the deployer's nonce, and the
 * plan lies in the file before the first transaction. All transactions are sent at once, so that a chain with slow
 * blocks takes one or two of them and not one a step. Calling it again verifies and changes nothing.
 *
 * <p>While it runs, nothing else may send with the deployer's key.
 */
public final class DeployContracts {
    private final KeySender deployer;
    private final GenesisTerms terms;
    private final Path file;

    /** @param file {@code contracts.json} of the network */
    public DeployContracts(KeySender deployer, GenesisTerms terms, Path file) {
        this.deployer = deployer;
        this.terms = terms;
        this.file = file;
    }

    /**
     * The verified deployment, made now or before.
     *
     * @throws ChainFault when the file is of another chain or deployer, or the code on chain is not ours
     */
    public Deployment run() {
        Deployment known = Deployment.read(file).orElseGet(this::newPlan);
        if (known.complete()) {
            return verified(known, deployer.web3j());
        }
        requireOurs(known);
        List<Planned> steps = new ArrayList<>(GenesisSteps.creations(known, terms));
        steps.addAll(GenesisSteps.funding(known, terms, deployer.web3j()));
        deployer.ensure(BigInteger.valueOf(known.firstNonce()), steps);
        Deployment done = known.withCodeHashes(codeHashes(known, deployer.web3j()));
        verified(done, deployer.web3j());
        requireReserves(done);
        done.write(file);
        return done;
    }

    /**
     * Checks a deployment against a chain: chain id, code of each contract, and how they point to each other.
     *
     * @throws ChainFault naming what differs
     */
    public static Deployment verified(Deployment deployment, Web3j web3j) {
        long chainId = answer(web3j.ethChainId()).getChainId().longValueExact();
        if (chainId != deployment.chainId()) {
            throw new ChainFault("the node is of chain " + chainId + ", the contracts of " + deployment.chainId());
        }
        Map<String, Hash32> found = codeHashes(deployment, web3j);
        if (!found.equals(deployment.codeHashes())) {
            throw new ChainFault("code on chain is " + found + ", expected " + deployment.codeHashes());
        }
        var vault = Contracts.vault(deployment.vault(), web3j);
        requirePointer("the vault's token", deployment.token(), vault.token());
        requirePointer("the vault's settlement log", deployment.log(), vault.settlementLog());
        requirePointer(
                "the agreement book's settlement log",
                deployment.log(),
                Contracts.agreements(deployment.agreements(), web3j).settlementLog());
        var penalties = Contracts.penalties(deployment.penalties(), web3j);
        requirePointer("the penalty book's settlement log", deployment.log(), penalties.settlementLog());
        requirePointer("the penalty book's vault", deployment.vault(), penalties.vault());
        var governance = Contracts.governance(deployment.governance(), web3j);
        requirePointer("the governance's settlement log", deployment.log(), governance.settlementLog());
        requirePointer("the governance's timelock", deployment.timelock(), governance.timelock());
        return deployment;
    }

    private Deployment newPlan() {
        long nonce = deployer.transactions(DefaultBlockParameterName.PENDING).longValueExact();
        long block = answer(deployer.web3j().ethBlockNumber()).getBlockNumber().longValueExact();
        Deployment plan = GenesisSteps.plan(deployer.chainId(), deployer.wallet(), nonce, block);
        plan.write(file);
        return plan;
    }

    private void requireOurs(Deployment plan) {
        if (plan.chainId() != deployer.chainId() || !plan.deployer().equals(deployer.wallet())) {
            throw new ChainFault(file + " plans a deployment by " + plan.deployer() + " on chain " + plan.chainId()
                    + ", this is " + deployer.wallet() + " on chain " + deployer.chainId());
        }
    }

    private static Map<String, Hash32> codeHashes(Deployment deployment, Web3j web3j) {
        Map<String, Hash32> hashes = new TreeMap<>();
        for (String contract : Contracts.ALL) {
            Wallet address = deployment.address(contract);
            byte[] code = Hex.decode(answer(web3j.ethGetCode(address.address(), DefaultBlockParameterName.LATEST))
                    .getCode()
                    .toLowerCase(Locale.ROOT));
            if (!Contracts.artifact(contract).isCodeOf(code)) {
                throw new ChainFault(address + " holds " + (code.length == 0 ? "no code" : "other code") + " than "
                        + contract + " of this build: another chain, a chain that lost its state, or another version");
            }
            hashes.put(contract, Artifact.codeHash(code));
        }
        return hashes;
    }

    private static void requirePointer(String what, Wallet expected, RemoteFunctionCall<String> getter) {
        Wallet found = Wallet.parse(Calls.read(getter));
        if (!expected.equals(found)) {
            throw new ChainFault(what + " is " + found + ", expected " + expected);
        }
    }

    /** Somebody else's transaction under one of our nonces would leave the reserves short. */
    private void requireReserves(Deployment done) {
        Ath expected = terms.providerReserve().plus(terms.checkerReserve());
        Ath found = new Ath(
                Calls.read(Contracts.vault(done.vault(), deployer.web3j()).totalIn()));
        if (!found.covers(expected)) {
            throw new ChainFault("the vault holds " + found + " wei, genesis funds " + expected
                    + ": the deployer's key sent something else during the deployment");
        }
    }
}
