package io.athanor.chain;

import io.athanor.contracts.ChainFault;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.EthSendTransaction;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * The questions the projector asks a chain node. Every answer is checked; a node that errs or is silent is a
 * {@link ChainFault}, to be asked again later.
 */
public final class ChainNode {
    private final Web3j web3j;

    public ChainNode(Web3j web3j) {
        this.web3j = web3j;
    }

    /** A block's header. */
    public record Header(long number, Hash32 hash, Instant time, BigInteger baseFee) {}

    /** The newest block that cannot be reorganised away. */
    public Header finalized() {
        return header(DefaultBlockParameterName.FINALIZED)
                .orElseThrow(() -> new ChainFault("the node knows no finalized block"));
    }

    public Header latest() {
        return header(DefaultBlockParameterName.LATEST)
                .orElseThrow(() -> new ChainFault("the node knows no latest block"));
    }

    public Optional<Header> block(long number) {
        return header(DefaultBlockParameter.valueOf(BigInteger.valueOf(number)));
    }

    private Optional<Header> header(DefaultBlockParameter at) {
        EthBlock.Block block = answer(web3j.ethGetBlockByNumber(at, false)).getBlock();
        return block == null
                ? Optional.empty()
                : Optional.of(new Header(
                        block.getNumber().longValueExact(),
                        Hash32.parse(block.getHash()),
                        Instant.ofEpochSecond(block.getTimestamp().longValueExact()),
                        block.getBaseFeePerGas()));
    }

    /** Logs of one contract with one first topic, in order, from and to inclusive. */
    public List<Log> logs(Wallet contract, String topic, long from, long to) {
        EthFilter filter = new EthFilter(
                DefaultBlockParameter.valueOf(BigInteger.valueOf(from)),
                DefaultBlockParameter.valueOf(BigInteger.valueOf(to)),
                contract.address());
        filter.addSingleTopic(topic);
        return answer(web3j.ethGetLogs(filter)).getLogs().stream()
                .map(EthLog.LogResult::get)
                .map(Log.class::cast)
                .toList();
    }

    public Optional<TransactionReceipt> receipt(String transaction) {
        return answer(web3j.ethGetTransactionReceipt(transaction)).getTransactionReceipt();
    }

    public long nonce(Wallet account) {
        return answer(web3j.ethGetTransactionCount(account.address(), DefaultBlockParameterName.LATEST))
                .getTransactionCount()
                .longValueExact();
    }

    /** Broadcasts stored bytes; that the node knows them already is success, and only a receipt decides. */
    public void broadcast(String raw) {
        EthSendTransaction sent = send(web3j.ethSendRawTransaction(raw));
        if (sent.hasError() && !isKnown(sent.getError().getMessage())) {
            throw new ChainFault(
                    "the node refuses the transaction: " + sent.getError().getMessage());
        }
    }

    private static boolean isKnown(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("already known") || text.contains("already imported") || text.contains("nonce too low");
    }

    private static <T extends Response<?>> T answer(Request<?, T> request) {
        T response = send(request);
        if (response.hasError()) {
            throw new ChainFault(
                    request.getMethod() + " failed: " + response.getError().getMessage());
        }
        return response;
    }

    private static <T extends Response<?>> T send(Request<?, T> request) {
        try {
            return request.send();
        } catch (IOException e) {
            throw new ChainFault("the chain's node does not answer " + request.getMethod() + ": " + e.getMessage(), e);
        }
    }
}
