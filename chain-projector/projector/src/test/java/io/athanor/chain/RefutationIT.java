package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.chain.ProgressTables.Cursor;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.KeySender;
import io.athanor.contracts.wrapper.AgreementBook;
import io.athanor.crypto.BatchSignatures;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.epoch.MatchLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobCommand.SubmitJob;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.job.Lease;
import io.athanor.domain.penalty.CaseEvent.CaseOpened;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.testing.SampleSpec;
import io.athanor.domain.testing.Samples;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionReturnDecoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.Utils;
import org.web3j.abi.datatypes.Type;

/** A match that the quorum signed and the client's order does not cover: refuted on chain, and told the operators. */
@Tag("chain")
@Tag("postgres")
class RefutationIT {
    private static final Secp256k1.KeyPair CLIENT = Wallets.devnet(3);
    private static final Secp256k1.KeyPair PROVIDER = Wallets.devnet(4);
    private static final TaskId TASK =
            JobId.parse("0199f0f2-0000-7000-8000-000000000001").task(3);
    private static final MachineId MACHINE = MachineId.parse("0199f0f2-0000-7000-8000-000000000002");
    private static final Sha256 SPEC = Sha256.parse("sha256:" + "ab".repeat(32));
    private static final CommandId COMMAND = new CommandId(new UUID(7, 1));
    private static final Ath MOST = Ath.ofWei(500);

    private final ChainWorld world = ChainWorld.create();
    private final Settlements settlements = new Settlements(world);
    private final ProjectorLoop loop = world.loop();
    private final Instant at = world.clock.instant();

    @BeforeEach
    void begin() {
        world.begin(at);
        settlements.settle(0, 1);
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** The second batch: one lease's match and agreement, on chain. */
    private JobAssigned matched(Ath price) {
        Lease lease = new Lease(
                TASK.lease(2),
                MACHINE,
                ChainWorld.wallet(4),
                List.of("GPU-1"),
                price,
                at.plusSeconds(30),
                new Lease.Agreement(990_000, 30_000, 1),
                false);
        JobAssigned assigned = new JobAssigned(TASK, lease, at);
        world.log.happened(assigned);
        settlements.more(0, new EpochLeaves(List.of(), List.of(assigned)));
        steps();
        assertThat(world.state(2)).isEqualTo(MessageTables.State.FINAL);
        return assigned;
    }

    private void steps() {
        for (int i = 0; i < 12; i++) {
            loop.tick();
            for (int checker = 5; checker < 8; checker++) {
                world.cosign(checker);
            }
            world.mine(ChainWorld.FINAL);
        }
        assertThat(world.halted()).isEmpty();
    }

    private String refutation(JobAssigned assigned) {
        byte[] match = MatchLeaf.match(assigned);
        byte[] agreement = MatchLeaf.agreement(assigned);
        MerkleTree tree = MerkleTree.of(List.of(match, agreement));
        Ath price = assigned.lease().price();
        Instant until = at.plusSeconds(600);
        BigInteger expiry = BigInteger.valueOf(until.toEpochMilli());
        var evidence = new AgreementBook.Evidence(
                fields(match, new TypeReference<AgreementBook.Match>() {}),
                new AgreementBook.Place(BigInteger.TWO, BigInteger.ZERO),
                fields(agreement, new TypeReference<AgreementBook.Agreement>() {}),
                new AgreementBook.Place(BigInteger.TWO, BigInteger.ONE),
                new AgreementBook.Order(
                        UuidText.word(TASK.job().value()),
                        CLIENT.address(),
                        Hash32.parse("0x" + SPEC.hex()).bytes(),
                        BigInteger.valueOf(4),
                        MOST.wei(),
                        Ath.ofWhole(9).wei(),
                        UuidText.word(COMMAND.value()),
                        expiry),
                new AgreementBook.Offer(
                        UuidText.word(MACHINE.value()), price.wei(), UuidText.word(COMMAND.value()), expiry),
                proof(tree, 0),
                proof(tree, 1),
                signed(
                        CLIENT,
                        TypedCommands.submitJob(
                                TASK.job(), ChainWorld.wallet(3), SPEC, 4, MOST, Ath.ofWhole(9), COMMAND, until)),
                signed(PROVIDER, TypedCommands.listOffer(MACHINE, price, COMMAND, until)));
        return Contracts.agreements(world.contracts.agreements(), world.web3j)
                .refuteMatch(evidence)
                .encodeFunctionCall();
    }

    private static List<byte[]> proof(MerkleTree tree, int leaf) {
        return tree.inclusionProof(leaf).stream().map(Hash32::bytes).toList();
    }

    /** What stands in a leaf, as the contract takes it. */
    private static <T extends Type<?>> T fields(byte[] leaf, TypeReference<T> type) {
        String data = Hex.encode(Arrays.copyOfRange(leaf, 1, leaf.length));
        @SuppressWarnings("unchecked")
        T fields = (T)
                FunctionReturnDecoder.decode(data, Utils.convert(List.of(type))).getFirst();
        return fields;
    }

    private byte[] signed(Secp256k1.KeyPair key, Hash32 structHash) {
        return Secp256k1.sign(key, world.domain().digest(structHash));
    }

    /** The epoch after it names whose keys they are that signed. */
    private void named() {
        var now = world.clock.instant();
        List<Candidate> checkers = ChainWorld.checkers();
        world.log.happened(new EpochOpened(
                1, now, now.plusSeconds(10), 1, Hash32.ZERO, checkers, Candidate.digest(checkers), now));
    }

    /** What the client ordered, as the history has it. */
    private void ordered(Ath most) {
        Samples samples = new Samples(9);
        JobSpec spec = new SampleSpec().tasks(4).maxPrice(most).build();
        Wallet client = ChainWorld.wallet(3);
        world.log
                .send(Order.inside("test", null, new SubmitJob(TASK, client, spec, samples.authorization(client), at)))
                .join();
    }

    private List<CaseOpened> cases() {
        return world.log.events(CaseOpened.class);
    }

    private void refute(JobAssigned assigned) {
        new KeySender(world.web3j, Wallets.devnet(12)).send(world.contracts.agreements(), refutation(assigned));
        world.mine(ChainWorld.FINAL);
        loop.tick();
    }

    private List<String> alarms() {
        return world.operations(loop).report().alarms();
    }

    @Test
    void isAnAlarmUntilAnOperatorHasSeenIt() {
        JobAssigned wrong = matched(MOST.plus(Ath.ofWei(1)));
        named();
        refute(wrong);

        assertThat(alarms())
                .singleElement()
                .asString()
                .startsWith("the match of task " + TASK + " under fence 2 was refuted on chain by ")
                .contains("(PRICE_ABOVE_ORDER)");
        world.operations(loop).resume();
        loop.tick();
        assertThat(alarms()).isEmpty();
        assertThat(world.sql().queryForList("SELECT finding FROM chain.refuted_match", String.class))
                .containsExactly("PRICE_ABOVE_ORDER");
    }

    @Test
    void opensACaseAgainstEachSignerOnce() {
        ordered(MOST);
        JobAssigned wrong = matched(MOST.plus(Ath.ofWei(1)));
        named();
        refute(wrong);

        List<Wallet> signers = world.tables.messages().signatures(world.batch(2)).stream()
                .map(MessageTables.Approval::signer)
                .toList();
        assertThat(signers).hasSizeGreaterThanOrEqualTo(2);
        assertThat(cases()).hasSameSizeAs(signers).allSatisfy(opened -> {
            RefutedMatch offence = (RefutedMatch) opened.offence();
            assertThat(offence.isProven()).isTrue();
            assertThat(BatchSignatures.isBy(offence, world.domain())).isTrue();
            assertThat(offence.refutation().task()).isEqualTo(TASK);
            assertThat(opened.rateBps()).isEqualTo(500);
        });
        assertThat(cases())
                .extracting(opened -> ((RefutedMatch) opened.offence()).attester())
                .containsExactlyElementsOf(signers);
        assertThat(alarms())
                .singleElement()
                .asString()
                .contains(signers.size() + " signers of batch 2 have a case each");

        world.tables.progress().cursor(new Cursor(1, "", 0, 0));
        int orders = world.log.orders();
        loop.tick();
        assertThat(world.log.orders()).isGreaterThan(orders);
        assertThat(cases()).hasSameSizeAs(signers);
    }

    /** Anybody can show the contract an order of the job; the one that is in force allowed this price. */
    @Test
    void aMatchWithinTheOrderOfTheHistoryAccusesNobody() {
        Ath price = MOST.plus(Ath.ofWei(1));
        ordered(price);
        JobAssigned sound = matched(price);
        named();
        refute(sound);

        assertThat(cases()).isEmpty();
        assertThat(alarms()).singleElement().asString().contains("no case: ").contains("covers the match");
    }

    @Test
    void aMatchWithinItsOrderIsNone() {
        JobAssigned sound = matched(MOST);
        assertThatThrownBy(() -> refute(sound)).isInstanceOf(ChainFault.class).hasMessageContaining("NothingRefuted");
        assertThat(alarms()).isEmpty();
    }
}
