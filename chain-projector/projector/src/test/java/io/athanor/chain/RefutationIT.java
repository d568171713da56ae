package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Contracts;
import io.athanor.contracts.KeySender;
import io.athanor.contracts.wrapper.AgreementBook;
import io.athanor.crypto.Secp256k1;
import io.athanor.crypto.Wallets;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.UuidText;
import io.athanor.domain.epoch.EpochLeaves;
import io.athanor.domain.epoch.MatchLeaf;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.MerkleTree;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.Lease;
import io.athanor.domain.signing.TypedCommands;
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
        refute(matched(MOST.plus(Ath.ofWei(1))));

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
    void aMatchWithinItsOrderIsNone() {
        JobAssigned sound = matched(MOST);
        assertThatThrownBy(() -> refute(sound)).isInstanceOf(ChainFault.class).hasMessageContaining("NothingRefuted");
        assertThat(alarms()).isEmpty();
    }
}
