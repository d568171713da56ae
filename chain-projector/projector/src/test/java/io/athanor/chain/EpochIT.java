package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.chain.ChainNode.Header;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each epoch opens once, with the first final block after the opening of the one before. */
@Tag("chain")
@Tag("postgres")
class EpochIT {
    private static final Duration EPOCH = Duration.ofSeconds(10);

    private final ChainWorld world = ChainWorld.create();
    private final ChainNode node = new ChainNode(world.web3j);
    private final ProjectorLoop loop = world.loop();
    private Instant genesis = Instant.EPOCH;

    /** A block a second, whatever the time of day. */
    @BeforeEach
    void beat() {
        world.rpc("anvil_setBlockTimestampInterval", 1);
        world.mine(1);
        genesis = node.latest().time();
        world.clock.set(genesis);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private List<EpochOpened> opened() {
        return world.log.events(EpochOpened.class);
    }

    /** The clock follows the chain, half a second behind its newest block. */
    private void pass(int blocks) {
        world.mine(blocks);
        world.clock.set(node.latest().time().plusMillis(500));
    }

    private void isFirstFinalAfter(EpochOpened epoch, Instant frozen) {
        Header block = node.block(epoch.blockNumber()).orElseThrow();
        assertThat(block.hash()).isEqualTo(epoch.blockHash());
        assertThat(block.time()).isAfter(frozen);
        assertThat(node.block(epoch.blockNumber() - 1).orElseThrow().time()).isBeforeOrEqualTo(frozen);
    }

    @Test
    void opensWithTheFirstFinalBlockAfterTheOpeningBefore() {
        world.begin(genesis);
        pass(3);
        loop.tick();
        assertThat(opened()).as("no block after genesis is final").isEmpty();

        pass(6);
        loop.tick();
        loop.tick();
        assertThat(opened()).hasSize(1);
        EpochOpened zero = opened().getFirst();
        assertThat(zero.epoch()).isZero();
        assertThat(zero.startsAt()).isEqualTo(genesis);
        assertThat(zero.eligible()).hasSize(ChainWorld.CHECKERS);
        isFirstFinalAfter(zero, genesis);

        pass(4);
        loop.tick();
        assertThat(opened()).as("epoch 1 has begun, its block is not final").hasSize(1);
        pass(6);
        loop.tick();
        assertThat(opened()).hasSize(2);
        isFirstFinalAfter(opened().getLast(), zero.at());
        assertThat(opened().getLast().startsAt()).isEqualTo(zero.endsAt());
    }

    @Test
    void epochsThatPassedWithoutANodeAreSkipped() {
        world.begin(genesis);
        pass(9);
        loop.tick();
        world.clock.set(genesis.plus(EPOCH.multipliedBy(7)).plusSeconds(1));
        pass(30);
        world.clock.set(genesis.plus(EPOCH.multipliedBy(7)).plusSeconds(1));

        loop.tick();
        loop.tick();

        assertThat(opened()).extracting(EpochOpened::epoch).containsExactly(0L, 7L);
        assertThat(opened().getLast().startsAt()).isEqualTo(genesis.plus(EPOCH.multipliedBy(7)));
    }

    @Test
    void anOrderedEpochIsRepeatedUntilTheLogShowsItAndNoOtherIsOpened() {
        world.begin(genesis);
        world.log.lag(true);
        pass(12);
        loop.tick();
        pass(20);
        loop.tick();
        world.loop().tick();
        assertThat(opened()).extracting(EpochOpened::epoch).containsExactly(1L);

        world.log.lag(false);
        loop.tick();
        assertThat(opened()).hasSize(2);
        isFirstFinalAfter(opened().getLast(), opened().getFirst().at());
    }
}
