package io.athanor.contracts;

import io.athanor.contracts.KeySender.Planned;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint64;
import org.web3j.protocol.Web3j;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;

/**
 * The transactions of a deployment in their fixed order, one nonce each from the plan's first: token, log, vault,
 * agreements, penalties, governance, and with a reserve to fund the allowance and one {@code fundReserve} a bucket.
 */
final class GenesisSteps {
    private static final int ADDRESS_FROM = 12;
    private static final int LOG_STEP = 1;
    private static final int VAULT_STEP = 2;
    private static final int AGREEMENTS_STEP = 3;
    private static final int PENALTIES_STEP = 4;
    private static final int GOVERNANCE_STEP = 5;
    private static final int PROVIDER_BUCKET = 1;
    private static final int CHECKER_BUCKET = 2;

    /** The largest contract needs 3.9 million; six transactions of a plan still fit into one block of 30 million. */
    private static final BigInteger CREATION_GAS = BigInteger.valueOf(4_800_000);

    private static final BigInteger CALL_GAS = BigInteger.valueOf(300_000);

    private GenesisSteps() {}

    private static Planned create(String data) {
        return new Planned(null, data, CREATION_GAS);
    }

    private static Planned call(String to, String data) {
        return new Planned(to, data, CALL_GAS);
    }

    /** Addresses follow from deployer and nonce alone. */
    static Deployment plan(long chainId, Wallet deployer, long firstNonce, long block) {
        return new Deployment(
                chainId,
                created(deployer, firstNonce),
                created(deployer, firstNonce + LOG_STEP),
                created(deployer, firstNonce + VAULT_STEP),
                created(deployer, firstNonce + AGREEMENTS_STEP),
                created(deployer, firstNonce + PENALTIES_STEP),
                created(deployer, firstNonce + GOVERNANCE_STEP),
                block,
                deployer,
                firstNonce,
                Map.of());
    }

    static List<Planned> creations(Deployment plan, GenesisTerms terms) {
        return List.of(
                create(creation(Contracts.TOKEN, address(plan.deployer()))),
                create(creation(Contracts.LOG, logArguments(plan, terms))),
                create(creation(Contracts.VAULT, vaultArguments(plan, terms))),
                create(creation(Contracts.AGREEMENTS, address(plan.log()))),
                create(creation(Contracts.PENALTIES, address(plan.log()), address(plan.vault()))),
                create(creation(Contracts.GOVERNANCE, address(plan.log()), new Uint256(terms.timelockSeconds()))));
    }

    static List<Planned> funding(Deployment plan, GenesisTerms terms, Web3j web3j) {
        List<Planned> steps = new ArrayList<>();
        Ath reserves = terms.providerReserve().plus(terms.checkerReserve());
        if (!reserves.isZero()) {
            steps.add(call(
                    plan.token().address(),
                    Contracts.token(plan.token(), web3j)
                            .approve(plan.vault().address(), reserves.wei())
                            .encodeFunctionCall()));
            addReserve(steps, plan, web3j, PROVIDER_BUCKET, terms.providerReserve());
            addReserve(steps, plan, web3j, CHECKER_BUCKET, terms.checkerReserve());
        }
        return List.copyOf(steps);
    }

    private static void addReserve(List<Planned> steps, Deployment plan, Web3j web3j, int bucket, Ath amount) {
        if (!amount.isZero()) {
            steps.add(call(
                    plan.vault().address(),
                    Contracts.vault(plan.vault(), web3j)
                            .fundReserve(BigInteger.valueOf(bucket), amount.wei())
                            .encodeFunctionCall()));
        }
    }

    private static Type<?>[] logArguments(Deployment plan, GenesisTerms terms) {
        return new Type<?>[] {
            address(admin(plan, terms)),
            address(terms.guardian()),
            address(terms.installer()),
            address(terms.submitter()),
            new Uint64(terms.silenceSeconds()),
            new Uint64(terms.pauseSeconds())
        };
    }

    private static Type<?>[] vaultArguments(Deployment plan, GenesisTerms terms) {
        return new Type<?>[] {
            address(plan.token()),
            address(plan.log()),
            address(admin(plan, terms)),
            address(terms.guardian()),
            new AthVault.Terms(
                    BigInteger.valueOf(terms.activationSeconds()),
                    BigInteger.valueOf(terms.lateSeconds()),
                    BigInteger.valueOf(terms.daySeconds()),
                    BigInteger.valueOf(terms.pauseSeconds()),
                    terms.dailyLimit().wei(),
                    plan.penalties().address())
        };
    }

    private static Wallet admin(Deployment plan, GenesisTerms terms) {
        return terms.admin() == null ? plan.timelock() : terms.admin();
    }

    private static String creation(String contract, Type<?>... arguments) {
        List<Type<?>> list = Arrays.asList(arguments);
        return Contracts.bytecode(contract) + FunctionEncoder.encodeConstructor(raw(list));
    }

    /** web3j's encoder takes raw types. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    private static List<Type> raw(List<Type<?>> arguments) {
        return (List) arguments;
    }

    private static Address address(Wallet wallet) {
        return new Address(wallet.address());
    }

    /** The address of a contract created by this account with this nonce: the end of keccak(rlp([account, nonce])). */
    static Wallet created(Wallet deployer, long nonce) {
        RlpList list = new RlpList(RlpString.create(deployer.bytes()), RlpString.create(BigInteger.valueOf(nonce)));
        byte[] hash = Hash32.keccak(RlpEncoder.encode(list)).bytes();
        return Wallet.parse(Hex.encode(Arrays.copyOfRange(hash, ADDRESS_FROM, hash.length)));
    }
}
