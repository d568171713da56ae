package io.athanor.local.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.Keccak256;
import io.athanor.local.engine.JsonRpc;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Waiting;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What people do on a development chain: transfers of ATH, deposits and bonds. Its node holds the public wallets and
 * signs for them, which no other chain does. Transactions go out one behind the other; {@link #settle} waits for them.
 */
public final class DevChain {
    /** Given, not estimated: a transaction may need one before it that is not mined yet. */
    private static final String GAS = "0x40000";

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration MINED_WITHIN = Duration.ofSeconds(30);
    private static final Abi.Layout ADDRESS_AMOUNT = Abi.Layout.of("address to", "uint256 amount");
    private static final Abi.Layout WORD_AMOUNT = Abi.Layout.of("bytes32 pool", "uint256 amount");

    private final URI rpc;
    private final Contracts contracts;
    private final List<Sent> outstanding = new ArrayList<>();

    /** The addresses in {@code contracts.json}. */
    public record Contracts(long chainId, Wallet token, Wallet vault, Wallet log) {}

    public DevChain(URI rpc, Path contractsFile) {
        this.rpc = rpc;
        try {
            this.contracts = Json.read(Files.readAllBytes(contractsFile), Contracts.class);
        } catch (IOException e) {
            throw new EngineFailure(
                    "The contracts' addresses cannot be read from " + contractsFile + ".", "See the node's log.", e);
        }
    }

    public Contracts contracts() {
        return contracts;
    }

    /** Waits until everything sent so far is mined, and fails where a transaction did. */
    public void settle() {
        for (Sent sent : outstanding) {
            JsonNode receipt = receipt(sent.hash());
            if (!receipt.path("status").asText().equals("0x1")) {
                throw new EngineFailure(
                        sent.what() + " failed in transaction " + sent.hash() + ".", "See the chain's log.");
            }
        }
        outstanding.clear();
    }

    /** A transaction that is not known to be mined. */
    private record Sent(String what, String hash) {}

    /** Gives a wallet ATH from the treasury's development wallet. */
    public void fund(Wallet to, Ath amount) {
        transact(
                DevWallet.number(DevWallets.TREASURY).wallet(),
                contracts.token(),
                "transfer(address,uint256)",
                ADDRESS_AMOUNT.encode(to.address(), amount.wei()));
    }

    /** Deposits a wallet's ATH into its account. */
    public void deposit(Wallet from, Ath amount) {
        deposit(from, from, amount);
    }

    /** Deposits a wallet's ATH into somebody's account. */
    public void deposit(Wallet from, Wallet to, Ath amount) {
        approve(from, amount);
        transact(
                from, contracts.vault(), "deposit(address,uint256)", ADDRESS_AMOUNT.encode(to.address(), amount.wei()));
    }

    /** Bonds a wallet's ATH to a stake pool. */
    public void bond(Wallet from, PoolId pool, Ath amount) {
        approve(from, amount);
        transact(from, contracts.vault(), "bond(bytes32,uint256)", WORD_AMOUNT.encode(pool.word(), amount.wei()));
    }

    private void approve(Wallet from, Ath amount) {
        transact(
                from,
                contracts.token(),
                "approve(address,uint256)",
                ADDRESS_AMOUNT.encode(contracts.vault().address(), amount.wei()));
    }

    /** Calls a view; its answer's bytes. */
    public byte[] call(Wallet to, byte[] data) {
        JsonNode answer = JsonRpc.demand(
                rpc, "eth_call", List.of(Map.of("to", to.address(), "data", Hex.encode(data)), "latest"));
        return Hex.decode(answer.asText());
    }

    private void transact(Wallet from, Wallet to, String function, byte[] arguments) {
        Map<String, String> transaction = Map.of(
                "from",
                from.address(),
                "to",
                to.address(),
                "data",
                Hex.encode(calldata(function, arguments)),
                "gas",
                GAS);
        String hash =
                JsonRpc.demand(rpc, "eth_sendTransaction", List.of(transaction)).asText();
        outstanding.add(new Sent(function + " of " + from, hash));
    }

    private JsonNode receipt(String hash) {
        long end = System.nanoTime() + MINED_WITHIN.toNanos();
        while (System.nanoTime() < end) {
            JsonNode receipt = JsonRpc.demand(rpc, "eth_getTransactionReceipt", List.of(hash));
            if (!receipt.isNull()) {
                return receipt;
            }
            Waiting.pause(POLL);
        }
        throw new EngineFailure("Transaction " + hash + " was not mined.", "See the chain's log.");
    }

    /** A function's selector and its encoded arguments. */
    public static byte[] calldata(String function, byte[] arguments) {
        byte[] selector = Keccak256.hash(function.getBytes(StandardCharsets.UTF_8));
        byte[] data = new byte[4 + arguments.length];
        System.arraycopy(selector, 0, data, 0, 4);
        System.arraycopy(arguments, 0, data, 4, arguments.length);
        return data;
    }
}
