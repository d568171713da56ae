package io.athanor.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.contracts.wrapper.AgreementBook;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.Batch;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.Lease;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.signing.TypedSettlement;
import io.athanor.local.TestEngines;
import io.athanor.local.engine.AnvilEngine;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;

/** A lease's leaves, made by Java, and the documents that client and provider sign, held against each other on chain. */
@Tag("chain")
class MatchIT {
    private static final Instant AT = Instant.ofEpochMilli(1_767_225_660_000L);
    private static final TaskId TASK =
            JobId.parse("0199f0f2-0000-7000-8000-000000000001").task(3);
    private static final MachineId MACHINE = MachineId.parse("0199f0f2-0000-7000-8000-000000000002");
    private static final CommandId ORDER = new CommandId(new UUID(7, 1));
    private static final CommandId OFFER = new CommandId(new UUID(7, 2));
    private static final Sha256 SPEC = Sha256.parse("sha256:" + "ab".repeat(32));
    private static final Secp256k1.KeyPair CLIENT = Wallets.devnet(3);
    private static final Secp256k1.KeyPair PROVIDER = Wallets.devnet(4);
    private static final Secp256k1.KeyPair CHECKER = Wallets.devnet(5);

    private static AnvilEngine anvil;
    private static Web3j web3j;
    private static KeySender submitter;
    private static Deployment contracts;
    private static ChainHead head = ChainHead.GENESIS;

    @BeforeAll
    static void deploy() {
        anvil = TestEngines.anvil();
        web3j = Web3j.build(new HttpService(anvil.rpc().toString()));
        KeySender deployer = new KeySender(web3j, Wallets.devnet(0));
        submitter = new KeySender(web3j, Wallets.devnet(1));
        contracts =
                new DeployContracts(deployer, ChainIT.terms(), ChainIT.folder().resolve("match.json")).run();
        SignerSets.installFirst(deployer, contracts.log(), List.of(wallet(CHECKER)), 1);
    }

    @AfterAll
    static void stop() {
        web3j.shutdown();
        anvil.close();
    }

    private static Wallet wallet(Secp256k1.KeyPair key) {
        return Wallet.parse(key.address());
    }

    private static byte[] signed(Secp256k1.KeyPair key, Hash32 structHash) {
        return Secp256k1.sign(key, new SigningDomain(contracts.chainId(), contracts.log()).digest(structHash));
    }

    private static JobAssigned assigned(int fence, Ath price) {
        Lease lease = new Lease(
                TASK.lease(fence),
                MACHINE,
                wallet(PROVIDER),
                List.of("GPU-1", "GPU-2"),
                price,
                AT.plusSeconds(30),
                new Lease.Agreement(990_000, 30_000, 1),
                false);
        return new JobAssigned(TASK, lease, AT);
    }

    /** Puts the lease into the next batch, beside another one, and gives all that is held against it. */
    private static AgreementBook.Evidence settled(JobAssigned assigned, Ath most) {
        EpochLeaves leaves = new EpochLeaves(
                List.of(), List.of(assigned(assigned.lease().id().fence() + 1, Ath.ofWei(1)), assigned));
        Batch batch = leaves.batch(head, 0);
        submit(batch);
        head = batch.head();
        MerkleTree tree = MerkleTree.of(leaves.leaves(0, leaves.size()));
        Instant until = AT.plusSeconds(600);
        return new AgreementBook.Evidence(
                match(assigned),
                new AgreementBook.Place(BigInteger.valueOf(batch.seq()), BigInteger.ZERO),
                agreement(assigned),
                new AgreementBook.Place(BigInteger.valueOf(batch.seq()), BigInteger.TWO),
                new AgreementBook.Order(
                        UuidText.word(TASK.job().value()),
                        CLIENT.address(),
                        Hash32.parse("0x" + SPEC.hex()).bytes(),
                        BigInteger.valueOf(4),
                        most.wei(),
                        Ath.ofWhole(9).wei(),
                        UuidText.word(ORDER.value()),
                        BigInteger.valueOf(until.toEpochMilli())),
                new AgreementBook.Offer(
                        UuidText.word(MACHINE.value()),
                        assigned.lease().price().wei(),
                        UuidText.word(OFFER.value()),
                        BigInteger.valueOf(until.toEpochMilli())),
                tree.inclusionProof(0).stream().map(Hash32::bytes).toList(),
                tree.inclusionProof(2).stream().map(Hash32::bytes).toList(),
                signed(
                        CLIENT,
                        TypedCommands.submitJob(
                                TASK.job(), wallet(CLIENT), SPEC, 4, most, Ath.ofWhole(9), ORDER, until)),
                signed(
                        PROVIDER,
                        TypedCommands.listOffer(MACHINE, assigned.lease().price(), OFFER, until)));
    }

    private static void submit(Batch batch) {
        SettlementLog.Batch struct = new SettlementLog.Batch(
                BigInteger.valueOf(batch.seq()),
                batch.previous().bytes(),
                batch.root().bytes(),
                BigInteger.valueOf(batch.count()),
                batch.total().wei(),
                BigInteger.TEN,
                BigInteger.ONE);
        List<byte[]> signatures = List.of(signed(CHECKER, TypedSettlement.batch(batch, 10, 1)));
        submitter.send(
                contracts.log(),
                Contracts.log(contracts.log(), web3j).submit(struct, signatures).encodeFunctionCall());
    }

    private static AgreementBook.Match match(JobAssigned assigned) {
        Lease lease = assigned.lease();
        return new AgreementBook.Match(
                SettlementLeaf.key(TASK).bytes(),
                UuidText.word(TASK.job().value()),
                BigInteger.valueOf(TASK.index()),
                BigInteger.valueOf(lease.id().fence()),
                UuidText.word(MACHINE.value()),
                lease.provider().address(),
                BigInteger.valueOf(lease.gpus().size()),
                lease.price().wei(),
                BigInteger.valueOf(lease.startBy().toEpochMilli()),
                BigInteger.valueOf(assigned.at().toEpochMilli()),
                lease.simulated());
    }

    private static AgreementBook.Agreement agreement(JobAssigned assigned) {
        Lease lease = assigned.lease();
        return new AgreementBook.Agreement(
                SettlementLeaf.key(TASK).bytes(),
                BigInteger.valueOf(lease.id().fence()),
                lease.provider().address(),
                lease.price().wei(),
                BigInteger.valueOf(lease.agreement().tier()),
                BigInteger.valueOf(lease.agreement().startDeadlineMillis()),
                BigInteger.valueOf(lease.agreement().formulaVersion()));
    }

    private static BigInteger finding(AgreementBook.Evidence evidence) {
        return Calls.read(Contracts.agreements(contracts.agreements(), web3j).checkMatch(evidence));
    }

    private static String refutation(AgreementBook.Evidence evidence) {
        return Contracts.agreements(contracts.agreements(), web3j)
                .refuteMatch(evidence)
                .encodeFunctionCall();
    }

    @Test
    void aMatchWithinItsOrderIsSound() {
        AgreementBook.Evidence evidence = settled(assigned(1, Ath.ofWei(500)), Ath.ofWei(500));
        assertThat(finding(evidence)).isEqualTo(BigInteger.ZERO);
        assertThatThrownBy(() -> submitter.send(contracts.agreements(), refutation(evidence)))
                .hasMessageContaining("NothingRefuted");
    }

    @Test
    void aPriceAboveTheOrderIsKeptAsEvidenceOnce() {
        AgreementBook.Evidence evidence = settled(assigned(7, Ath.ofWei(501)), Ath.ofWei(500));
        assertThat(finding(evidence)).isEqualTo(BigInteger.ONE);
        var receipt = submitter.send(contracts.agreements(), refutation(evidence));
        assertThat(AgreementBook.getMatchRefutedEvents(receipt).getFirst().jobKey)
                .isEqualTo(SettlementLeaf.key(TASK).bytes());
        assertThatThrownBy(() -> submitter.send(contracts.agreements(), refutation(evidence)))
                .hasMessageContaining("AlreadyRefuted");
    }
}
