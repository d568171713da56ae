package io.athanor.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.Keccak256;
import io.athanor.domain.view.WithdrawalView.Claim;
import io.athanor.local.engine.JsonRpc;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A wallet outside Athanor: nothing but Ethereum's JSON-RPC and the ABI by hand. The chain's development node signs for
 * it.
 */
final class PlainWallet {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int POLLS = 150;
    /** Where the first word of an answer ends, after its 0x. */
    private static final int WORD_END = 2 + 2 * Hash32.BYTES;

    private final URI rpc;
    private final String address;

    PlainWallet(URI rpc, String address) {
        this.rpc = rpc;
        this.address = address;
    }

    private static String word(BigInteger value) {
        return String.format("%064x", value);
    }

    private static String word(String account) {
        return "0".repeat(24) + account.substring(2).toLowerCase(java.util.Locale.ROOT);
    }

    private static String selector(String function) {
        return Hex.encode(Keccak256.hash(function.getBytes(StandardCharsets.UTF_8)))
                .substring(0, 10);
    }

    BigInteger balance(String token) {
        Map<String, String> call = Map.of("to", token, "data", selector("balanceOf(address)") + word(address));
        return new BigInteger(
                JsonRpc.demand(rpc, "eth_call", List.of(call, "latest"))
                        .asText()
                        .substring(2),
                16);
    }

    /** Size and root of the log of records as the contract has them. */
    record Anchored(BigInteger size, Hash32 root) {
        boolean isEmpty() {
            return size.signum() == 0;
        }
    }

    Anchored anchored(String log) {
        Map<String, String> call = Map.of("to", log, "data", selector("anchored()"));
        String words = JsonRpc.demand(rpc, "eth_call", List.of(call, "latest")).asText();
        return new Anchored(
                new BigInteger(words.substring(2, WORD_END), 16), Hash32.parse("0x" + words.substring(WORD_END)));
    }

    /** Sends the claim and gives its receipt's status. */
    String claim(Claim claim) throws InterruptedException {
        StringBuilder data = new StringBuilder(selector("claim(uint64,uint32,address,uint256,bytes32[])"))
                .append(word(BigInteger.valueOf(claim.number())))
                .append(word(BigInteger.valueOf(claim.index())))
                .append(word(address))
                .append(word(claim.cumulative().wei()))
                .append(word(BigInteger.valueOf(5 * 32)))
                .append(word(BigInteger.valueOf(claim.proof().size())));
        for (Hash32 sibling : claim.proof()) {
            data.append(sibling.hex().substring(2));
        }
        Map<String, String> transaction =
                Map.of("from", address, "to", claim.vault().address(), "data", data.toString(), "gas", "0x40000");
        String hash =
                JsonRpc.demand(rpc, "eth_sendTransaction", List.of(transaction)).asText();
        for (int i = 0; i < POLLS; i++) {
            JsonNode receipt = JsonRpc.demand(rpc, "eth_getTransactionReceipt", List.of(hash));
            if (!receipt.isNull()) {
                return receipt.path("status").asText();
            }
            Thread.sleep(POLL);
        }
        throw new AssertionError("the claim was not mined");
    }

    /** Lets the chain's clock pass, which only a development chain can. */
    void pass(Duration time) {
        JsonRpc.demand(rpc, "evm_increaseTime", List.of(time.toSeconds()));
    }
}
