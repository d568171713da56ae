package io.athanor.contracts;

import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthSendTransaction;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.utils.Numeric;

/**
 * One key that signs transactions here and sends the raw bytes: for people, genesis and tests. One at a time: it waits
 * for each receipt. The projector's streams have their own sender, which stores what it signs before it sends it.
 *
 * <p>Every failure is a {@link ChainFault}; a contract's refusal is spelled out by {@link ContractErrors}.
 */
public final class KeySender {
    private static final BigInteger TIP = BigInteger.valueOf(1_000_000_000L);
    private static final Duration RECEIPT_WAIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    /** EIP-7825: no transaction may use more. */
    private static final BigInteger GAS_MOST = BigInteger.valueOf(16_777_216L);

    private final Web3j web3j;
    private final Credentials key;
    private final long chainId;

    public KeySender(Web3j web3j, Secp256k1.KeyPair key) {
        this.web3j = web3j;
        this.key = Credentials.create(Numeric.toHexStringNoPrefix(key.privateKey()));
        this.chainId = answer(web3j.ethChainId()).getChainId().longValueExact();
    }

    public Wallet wallet() {
        return Wallet.parse(key.getAddress());
    }

    public long chainId() {
        return chainId;
    }

    public Web3j web3j() {
        return web3j;
    }

    /** Sends a call with the next nonce and waits until it is mined; a refused call is not sent. */
    public TransactionReceipt send(Wallet to, String data) {
        BigInteger nonce = transactions(DefaultBlockParameterName.PENDING);
        BigInteger gas = gasFor(to.address(), data);
        String hash = broadcast(nonce, to.address(), data, gas)
                .orElseThrow(() -> new ChainFault("nonce " + nonce + " of " + wallet() + " was taken meanwhile"));
        return succeeded(hash);
    }

    /**
     * Sends a call with the next nonce and does not wait; {@link ChainFault} for one that is refused. Whether it is mined
     * is for the caller to find out, from what it changes.
     */
    public void offer(Wallet to, String data) {
        BigInteger nonce = transactions(DefaultBlockParameterName.PENDING);
        broadcast(nonce, to.address(), data, gasFor(to.address(), data));
    }

    /**
     * A transaction of a fixed plan.
     *
     * @param to null to create a contract
     * @param gas its limit: known beforehand, since what it needs may not be mined when it is signed
     */
    record Planned(@Nullable String to, String data, BigInteger gas) {}

    /**
     * Makes sure that these transactions are mined under consecutive nonces, sending those that are not: all at once, so
     * that they share a block. The same call after a crash does none of them twice.
     *
     * @throws ChainFault when one fails, or the node does not mine them in time
     */
    void ensure(BigInteger firstNonce, List<Planned> plan) {
        BigInteger mined = transactions(DefaultBlockParameterName.LATEST);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < plan.size(); i++) {
            BigInteger nonce = firstNonce.add(BigInteger.valueOf(i));
            if (nonce.compareTo(mined) >= 0) {
                Planned next = plan.get(i);
                broadcast(nonce, next.to(), next.data(), next.gas()).ifPresent(sent::add);
            }
        }
        awaitNonce(firstNonce.add(BigInteger.valueOf(plan.size())));
        sent.forEach(this::succeeded);
    }

    private void awaitNonce(BigInteger count) {
        await(
                "nonce " + count.subtract(BigInteger.ONE),
                () -> transactions(DefaultBlockParameterName.LATEST).compareTo(count) >= 0
                        ? Optional.of(count)
                        : Optional.empty());
    }

    BigInteger transactions(DefaultBlockParameterName at) {
        return answer(web3j.ethGetTransactionCount(key.getAddress(), at)).getTransactionCount();
    }

    private BigInteger gasFor(@Nullable String to, String data) {
        Transaction call = new Transaction(key.getAddress(), null, null, null, to, null, data);
        BigInteger estimate = answer(web3j.ethEstimateGas(call)).getAmountUsed();
        return estimate.multiply(BigInteger.valueOf(5))
                .divide(BigInteger.valueOf(4))
                .min(GAS_MOST);
    }

    /** Empty when the node already knows a transaction with this nonce. */
    private Optional<String> broadcast(BigInteger nonce, @Nullable String to, String data, BigInteger gas) {
        BigInteger base = answer(web3j.ethGetBlockByNumber(DefaultBlockParameterName.LATEST, false))
                .getBlock()
                .getBaseFeePerGas();
        BigInteger most = base.shiftLeft(1).add(TIP);
        RawTransaction raw =
                RawTransaction.createTransaction(chainId, nonce, gas, to, BigInteger.ZERO, data, TIP, most);
        String signed = Hex.encode(TransactionEncoder.signMessage(raw, chainId, key));
        EthSendTransaction sent = call(web3j.ethSendRawTransaction(signed));
        if (sent.hasError() && isKnown(sent.getError().getMessage())) {
            return Optional.empty();
        }
        return Optional.of(checked(sent).getTransactionHash());
    }

    private static boolean isKnown(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("already known")
                || text.contains("already imported")
                || text.contains("nonce too low")
                || text.contains("underpriced");
    }

    private TransactionReceipt succeeded(String hash) {
        TransactionReceipt receipt = await(
                "transaction " + hash,
                () -> answer(web3j.ethGetTransactionReceipt(hash)).getTransactionReceipt());
        if (!receipt.isStatusOK()) {
            throw new ChainFault("transaction " + hash + " was mined and failed");
        }
        return receipt;
    }

    private static <T> T await(String what, Supplier<Optional<T>> look) {
        long end = System.nanoTime() + RECEIPT_WAIT.toNanos();
        while (System.nanoTime() < end) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            pause();
        }
        throw new ChainFault(what + " was not mined within " + RECEIPT_WAIT.toSeconds() + " s");
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChainFault("interrupted while waiting for the chain", e);
        }
    }

    /** The node's answer without an error. */
    static <T extends Response<?>> T answer(Request<?, T> request) {
        return checked(call(request));
    }

    private static <T extends Response<?>> T call(Request<?, T> request) {
        try {
            return request.send();
        } catch (IOException e) {
            throw new ChainFault("the chain's node does not answer " + request.getMethod() + ": " + e.getMessage(), e);
        }
    }

    private static <T extends Response<?>> T checked(T response) {
        if (response.hasError()) {
            Response.Error error = response.getError();
            String data = error.getData();
            throw new ChainFault(data == null ? error.getMessage() : ContractErrors.describe(data.replace("\"", "")));
        }
        return response;
    }
}
