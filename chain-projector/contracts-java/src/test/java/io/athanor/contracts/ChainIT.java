package io.athanor.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.contracts.wrapper.AthVault;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.hash.Abi;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.AnvilEngine;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.http.HttpService;

/** Java's encodings, keys, signatures and proofs against the deployed contracts on a real EVM node. */
@Tag("chain")
class ChainIT {
    private static final Abi.Layout WITHDRAWAL = Abi.Layout.of("address account", "uint256 cumulative");
    private static final Ath RESERVE = Ath.ofWhole(1_000_000);
    private static final int CHECKERS = 7;
    private static final int FIRST_CHECKER = 5;
    private static final int QUORUM = 5;

    private static AnvilEngine anvil;
    private static HttpService http;
    private static Web3j web3j;
    private static KeySender deployer;
    private static KeySender submitter;
    private static Deployment contracts;
    private static List<Secp256k1.KeyPair> signers;

    @BeforeAll
    static void deploy() {
        anvil = TestEngines.anvil();
        http = new HttpService(anvil.rpc().toString());
        web3j = Web3j.build(http);
        deployer = new KeySender(web3j, Wallets.devnet(0));
        submitter = new KeySender(web3j, Wallets.devnet(1));
        contracts = new DeployContracts(deployer, terms(), folder().resolve("contracts.json")).run();
        signers = IntStream.range(FIRST_CHECKER, FIRST_CHECKER + CHECKERS)
                .mapToObj(Wallets::devnet)
                .sorted(Comparator.comparing(ChainIT::walletOf))
                .toList();
        List<Wallet> seats = signers.stream().map(ChainIT::walletOf).toList();
        assertThat(SignerSets.installFirst(deployer, contracts.log(), seats.reversed(), QUORUM))
                .isEqualTo(1);
        assertThat(SignerSets.installFirst(deployer, contracts.log(), seats, QUORUM))
                .isEqualTo(1);
    }

    @AfterAll
    static void stop() {
        web3j.shutdown();
        anvil.close();
    }

    @Test
    void genesisFundsTheReserves() {
        AthVault vault = Contracts.vault(contracts.vault(), web3j);
        assertThat(Calls.read(vault.totalIn())).isEqualTo(RESERVE.times(3).wei());
        assertThat(new AthWallet(deployer, contracts).balance())
                .isLessThan(Ath.SUPPLY.minus(RESERVE.times(3)).plus(Ath.ofWei(1)));
    }

    @Test
    void depositsAndBondsAreDecoded() {
        AthWallet treasury = new AthWallet(deployer, contracts);
        Wallet client = walletOf(Wallets.devnet(3));
        treasury.transfer(client, Ath.ofWhole(10));
        AthWallet own = new AthWallet(new KeySender(web3j, Wallets.devnet(3)), contracts);
        assertThat(own.balance()).isEqualTo(Ath.ofWhole(10));
        AthVault.InboundEventResponse deposit = inbound(own.deposit(client, Ath.ofWhole(4)));
        PoolId pool = PoolId.ofChecker(client);
        AthVault.InboundEventResponse bond = inbound(own.bond(pool, Ath.ofWhole(6)));
        assertThat(deposit.kind).isEqualTo(BigInteger.ZERO);
        assertThat(deposit.amount).isEqualTo(Ath.ofWhole(4).wei());
        assertThat(bond.kind).isEqualTo(BigInteger.ONE);
        assertThat(Hash32.of(bond.beneficiary)).isEqualTo(pool.word());
        assertThat(bond.number).isEqualTo(deposit.number.add(BigInteger.ONE));
        assertThat(own.balance()).isEqualTo(Ath.ZERO);
        assertThatThrownBy(() -> own.deposit(client, Ath.ofWhole(1)))
                .isInstanceOf(ChainFault.class)
                .hasMessageContaining("ERC20InsufficientBalance");
    }

    @Test
    void aCosignedBatchIsTakenAndItsLeavesAreProvable() {
        SettlementLog log = Contracts.log(contracts.log(), web3j);
        List<byte[]> leaves = IntStream.range(0, 11)
                .mapToObj(i ->
                        VectorsTest.leaf(1, Hash32.keccak(new byte[] {(byte) i}).bytes()))
                .toList();
        MerkleTree tree = MerkleTree.of(leaves);
        Batch batch = nextBatch(log, tree.root(), leaves.size());
        TransactionReceipt receipt = submitter.send(contracts.log(), submission(log, batch, QUORUM));
        SettlementLog.BatchSubmittedEventResponse event =
                SettlementLog.getBatchSubmittedEvents(receipt).getFirst();
        assertThat(Hash32.of(event.head)).isEqualTo(batch.head().head());
        assertThat(Hash32.of(Calls.read(log.last()).component2()))
                .isEqualTo(batch.head().head());
        for (int i = 0; i < leaves.size(); i++) {
            assertThat(included(log, batch.seq(), i, leaves.get(i), tree.inclusionProof(i)))
                    .isTrue();
            assertThat(included(log, batch.seq(), (i + 1) % 11, leaves.get(i), tree.inclusionProof(i)))
                    .isFalse();
        }
        assertThatThrownBy(() -> submitter.send(contracts.log(), submission(log, batch, QUORUM)))
                .hasMessage("WrongSequence(expected=%d, given=%d)", batch.seq() + 1, batch.seq());
    }

    @Test
    void tooFewSignaturesAreRefused() {
        SettlementLog log = Contracts.log(contracts.log(), web3j);
        Batch batch = nextBatch(log, Hash32.keccak(new byte[] {1}), 1);
        assertThatThrownBy(() -> submitter.send(contracts.log(), submission(log, batch, QUORUM - 1)))
                .hasMessage("QuorumNotReached(needed=5, given=4)");
        assertThatThrownBy(() -> deployer.send(contracts.log(), submission(log, batch, QUORUM)))
                .hasMessage("NotSubmitter(sender=%s)", deployer.wallet());
    }

    @Test
    void aWithdrawalIsPaidAfterItsDelay() {
        AthVault vault = Contracts.vault(contracts.vault(), web3j);
        Wallet account = Wallet.parse("0x00000000000000000000000000000000000a11ce");
        byte[] leaf = WITHDRAWAL.encode(account.address(), Ath.ofWhole(7).wei());
        MerkleTree tree = MerkleTree.of(List.of(VectorsTest.leaf(4, leaf)));
        submitter.send(contracts.vault(), posting(vault, tree.root(), Ath.ofWhole(7)));
        String claim = vault.claim(
                        BigInteger.ONE,
                        BigInteger.ZERO,
                        account.address(),
                        Ath.ofWhole(7).wei(),
                        List.of())
                .encodeFunctionCall();
        assertThatThrownBy(() -> deployer.send(contracts.vault(), claim)).hasMessageContaining("RootNotActive");
        wait(Duration.ofMinutes(2));
        TransactionReceipt receipt = deployer.send(contracts.vault(), claim);
        assertThat(AthVault.getClaimedEvents(receipt).getFirst().amount)
                .isEqualTo(Ath.ofWhole(7).wei());
        assertThat(Calls.read(Contracts.token(contracts.token(), web3j).balanceOf(account.address())))
                .isEqualTo(Ath.ofWhole(7).wei());
        assertThatThrownBy(() -> deployer.send(contracts.vault(), claim)).hasMessageContaining("NothingDue");
    }

    static GenesisTerms terms() {
        return new GenesisTerms(
                walletOf(Wallets.devnet(0)),
                walletOf(Wallets.devnet(0)),
                walletOf(Wallets.devnet(2)),
                walletOf(Wallets.devnet(1)),
                Duration.ofMinutes(1),
                Ath.ofWhole(1000),
                RESERVE.times(2),
                RESERVE);
    }

    static Path folder() {
        return TestEngines.folder("contracts");
    }

    private String posting(AthVault vault, Hash32 root, Ath total) {
        TypedSettlement.WithdrawalRoot root1 =
                new TypedSettlement.WithdrawalRoot(contracts.vault(), 1, root, 1, total, 0, 5, 1);
        AthVault.WithdrawalRoot struct = new AthVault.WithdrawalRoot(
                BigInteger.ONE,
                root.bytes(),
                BigInteger.ONE,
                total.wei(),
                BigInteger.ZERO,
                BigInteger.valueOf(5),
                BigInteger.ONE);
        return vault.postWithdrawalRoot(struct, signatures(TypedSettlement.withdrawalRoot(root1), QUORUM))
                .encodeFunctionCall();
    }

    private static Batch nextBatch(SettlementLog log, Hash32 root, int count) {
        var last = Calls.read(log.last());
        return new Batch(
                last.component1().longValueExact() + 1, Hash32.of(last.component2()), root, count, Ath.ofWhole(3));
    }

    private static String submission(SettlementLog log, Batch batch, int count) {
        SettlementLog.Batch struct = new SettlementLog.Batch(
                BigInteger.valueOf(batch.seq()),
                batch.previous().bytes(),
                batch.root().bytes(),
                BigInteger.valueOf(batch.count()),
                batch.total().wei(),
                BigInteger.TEN,
                BigInteger.ONE);
        return log.submit(struct, signatures(TypedSettlement.batch(batch, 10, 1), count))
                .encodeFunctionCall();
    }

    private static List<byte[]> signatures(Hash32 structHash, int count) {
        Hash32 digest = new SigningDomain(contracts.chainId(), contracts.log()).digest(structHash);
        return signers.stream()
                .limit(count)
                .map(signer -> Secp256k1.sign(signer, digest))
                .toList();
    }

    private static boolean included(SettlementLog log, long seq, int index, byte[] leaf, List<Hash32> proof) {
        byte[] data = Arrays.copyOfRange(leaf, 1, leaf.length);
        return Calls.read(log.verifyInclusion(
                BigInteger.valueOf(seq),
                BigInteger.valueOf(index),
                BigInteger.valueOf(leaf[0]),
                data,
                proof.stream().map(Hash32::bytes).toList()));
    }

    private static AthVault.InboundEventResponse inbound(TransactionReceipt receipt) {
        return AthVault.getInboundEvents(receipt).getFirst();
    }

    private static Wallet walletOf(Secp256k1.KeyPair key) {
        return Wallet.parse(key.address());
    }

    private static void wait(Duration time) {
        KeySender.answer(new Request<>("evm_increaseTime", List.of(time.toSeconds()), http, AnyResponse.class));
        KeySender.answer(new Request<>("evm_mine", List.of(), http, AnyResponse.class));
    }

    /** An answer whose result does not matter. */
    static final class AnyResponse extends Response<Object> {}
}
