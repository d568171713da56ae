package io.athanor.contracts;

import io.athanor.codec.Json;
import io.athanor.contracts.wrapper.AgreementBook;
import io.athanor.contracts.wrapper.AthGovernance;
import io.athanor.contracts.wrapper.AthToken;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.contracts.wrapper.PenaltyBook;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.web3j.protocol.Web3j;
import org.web3j.tx.ReadonlyTransactionManager;
import org.web3j.tx.gas.DefaultGasProvider;

/**
 * The compiled contracts by name, and wrappers that read the chain and encode calls.
 *
 * <p>The wrappers here can read ({@code .send()} of a view) and encode ({@code .encodeFunctionCall()}) and cannot send a
 * transaction: sending belongs to {@link KeySender} and to the projector, which store what they sign.
 */
public final class Contracts {
    public static final String TOKEN = "AthToken";
    public static final String VAULT = "AthVault";
    public static final String LOG = "SettlementLog";
    public static final String AGREEMENTS = "AgreementBook";
    public static final String PENALTIES = "PenaltyBook";
    public static final String GOVERNANCE = "AthGovernance";

    /** All that a network has. */
    public static final List<String> ALL = List.of(TOKEN, LOG, VAULT, AGREEMENTS, PENALTIES, GOVERNANCE);

    private static final Map<String, Artifact> ARTIFACTS =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), Contracts::load));

    private Contracts() {}

    /** {@link IllegalArgumentException} for a name that is none of ours. */
    public static Artifact artifact(String name) {
        Artifact artifact = ARTIFACTS.get(name);
        if (artifact == null) {
            throw new IllegalArgumentException("no contract is called " + name);
        }
        return artifact;
    }

    /** Creation code without constructor arguments, 0x hex. */
    public static String bytecode(String name) {
        return artifact(name).bytecode();
    }

    public static AthToken token(Wallet address, Web3j web3j) {
        return AthToken.load(address.address(), web3j, readOnly(web3j), new DefaultGasProvider());
    }

    public static AthVault vault(Wallet address, Web3j web3j) {
        return AthVault.load(address.address(), web3j, readOnly(web3j), new DefaultGasProvider());
    }

    public static SettlementLog log(Wallet address, Web3j web3j) {
        return SettlementLog.load(address.address(), web3j, readOnly(web3j), new DefaultGasProvider());
    }

    public static AgreementBook agreements(Wallet address, Web3j web3j) {
        return AgreementBook.load(address.address(), web3j, readOnly(web3j), new DefaultGasProvider());
    }

    public static PenaltyBook penalties(Wallet address, Web3j web3j) {
        return PenaltyBook.load(address.address(), web3j, readOnly(web3j), new DefaultGasProvider());
    }

    public static AthGovernance governance(Wallet address, Web3j web3j) {
        return AthGovernance.load(address.address(), web3j, readOnly(web3j), new DefaultGasProvider());
    }

    private static ReadonlyTransactionManager readOnly(Web3j web3j) {
        return new ReadonlyTransactionManager(web3j, Wallet.ZERO.address());
    }

    private static Artifact load(String name) {
        try (InputStream json = Contracts.class.getResourceAsStream(name + ".json")) {
            if (json == null) {
                throw new IllegalStateException("this build lacks the artifact " + name + ".json");
            }
            return Json.read(json.readAllBytes(), Artifact.class);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the artifact " + name + ".json", e);
        }
    }
}
