package io.athanor.chain;

import io.athanor.chain.Endpoints.WrongChain;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.ContractErrors;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
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
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthCall;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.EthSendTransaction;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * The questions the projector asks a chain node. Every answer is checked; a node that errs or is silent is a
 * {@link ChainFault}, to be asked again later, and one of another chain is {@link Halted}.
 */
class ChainNode {
    private static final List<String> KNOWN =
            List.of("already known", "already imported", "nonce too low", "replacement transaction underpriced");

    private final Web3j web3j;
    private final Runnable watch;

    ChainNode(Web3j web3j) {
        this(web3j, () -> {});
    }

    /** @param watch over the endpoints behind it, once a look */
    ChainNode(Web3j web3j, Runnable watch) {
        this.web3j = web3j;
        this.watch = watch;
    }

    void watch() {
        watch.run();
    }

    /** A block's header. Base fee in wei. */
    record Header(long number, Hash32 hash, Instant time, BigInteger baseFee) {}

    static DefaultBlockParameter at(long block) {
        return DefaultBlockParameter.valueOf(BigInteger.valueOf(block));
    }

    long chainId() {
        return answer(web3j.ethChainId()).getChainId().longValueExact();
    }

    /** The newest block that cannot be reorganised away. */
    Header finalized() {
        return header(DefaultBlockParameterName.FINALIZED)
                .orElseThrow(() -> new ChainFault("the node knows no finalized block"));
    }

    Header latest() {
        return header(DefaultBlockParameterName.LATEST)
                .orElseThrow(() -> new ChainFault("the node knows no latest block"));
    }

    Optional<Header> block(long number) {
        return header(at(number));
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

    /** Logs of these contracts with one of these first topics, in order, from and to inclusive. */
    List<Log> logs(List<Wallet> contracts, List<String> topics, long from, long to) {
        EthFilter filter = new EthFilter(
                at(from), at(to), contracts.stream().map(Wallet::address).toList());
        filter.addOptionalTopics(topics.toArray(String[]::new));
        return answer(web3j.ethGetLogs(filter)).getLogs().stream()
                .map(EthLog.LogResult::get)
                .map(Log.class::cast)
                .toList();
    }

    Optional<TransactionReceipt> receipt(String transaction) {
        return answer(web3j.ethGetTransactionReceipt(transaction)).getTransactionReceipt();
    }

    /** How many transactions of the account are in blocks up to this one. */
    long nonce(Wallet account, long block) {
        return answer(web3j.ethGetTransactionCount(account.address(), at(block)))
                .getTransactionCount()
                .longValueExact();
    }

    /** In wei of the chain's own coin. */
    BigInteger balance(Wallet account) {
        return answer(web3j.ethGetBalance(account.address(), DefaultBlockParameterName.LATEST))
                .getBalance();
    }

    /** The code's keccak; that of no bytes where there is no contract. */
    Hash32 codeHash(Wallet contract) {
        String code = answer(web3j.ethGetCode(contract.address(), DefaultBlockParameterName.LATEST))
                .getCode();
        return Hash32.keccak(Hex.decode(code.toLowerCase(Locale.ROOT)));
    }

    /** Passes where the contract would accept the call now; otherwise {@link ChainFault} with its reason. */
    void requireAccepted(Wallet from, Wallet contract, String data) {
        Transaction call = Transaction.createEthCallTransaction(from.address(), contract.address(), data);
        EthCall answer = send(web3j.ethCall(call, DefaultBlockParameterName.LATEST));
        if (answer.hasError()) {
            String why = answer.getError().getData();
            throw new ChainFault(
                    why == null ? answer.getError().getMessage() : ContractErrors.describe(why.replace("\"", "")));
        }
    }

    /** Broadcasts stored bytes; that the node knows them or their nonce is success, and only a receipt decides. */
    void broadcast(String raw) {
        EthSendTransaction sent = send(web3j.ethSendRawTransaction(raw));
        if (sent.hasError() && !isKnown(sent.getError().getMessage())) {
            throw new ChainFault(
                    "the node refuses the transaction: " + sent.getError().getMessage());
        }
    }

    private static boolean isKnown(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return KNOWN.stream().anyMatch(text::contains);
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
        } catch (WrongChain e) {
            throw new Halted(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ChainFault("the chain's node does not answer " + request.getMethod() + ": " + e.getMessage(), e);
        }
    }
}
