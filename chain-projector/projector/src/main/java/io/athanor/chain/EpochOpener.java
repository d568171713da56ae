package io.athanor.chain;

import io.athanor.chain.ChainNode.Header;
import io.athanor.chain.ChainStore.Network;
import io.athanor.chain.ChainStore.Opened;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.epoch.EpochCommand.OpenEpoch;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Opens each epoch with a final block that nobody could know when its candidates were frozen.
 *
 * <p>Epoch e is opened with the first final block whose time lies after the opening of epoch e-1, where the candidates
 * of e were frozen. Epochs that passed entirely while no node ran are skipped: nothing could happen in them.
 */
final class EpochOpener {
    private final ChainNode node;
    private final ChainStore store;
    private final Commands commands;
    private final InstantSource clock;
    private final Supplier<List<Candidate>> eligible;

    EpochOpener(
            ChainNode node,
            ChainStore store,
            Commands commands,
            InstantSource clock,
            Supplier<List<Candidate>> eligible) {
        this.node = node;
        this.store = store;
        this.commands = commands;
        this.clock = clock;
        this.eligible = eligible;
    }

    /** Opens the next epoch if it has begun and its block is final. */
    void tick() {
        Optional<Network> network = store.network();
        if (network.isEmpty()) {
            return;
        }
        Optional<Opened> newest = store.newestEpoch();
        Instant now = clock.instant();
        long next = Math.max(
                newest.map(opened -> opened.epoch() + 1).orElse(0L),
                network.get().epochAt(now));
        if (now.isBefore(network.get().startOf(next))) {
            return;
        }
        Instant frozen = newest.map(Opened::openedAt).orElse(network.get().genesis());
        firstFinalAfter(frozen).ifPresent(block -> open(network.get(), next, block, now));
    }

    /** Block times rise, so the first one after an instant is found by halving. */
    private Optional<Header> firstFinalAfter(Instant frozen) {
        Header end = node.finalized();
        if (!end.time().isAfter(frozen)) {
            return Optional.empty();
        }
        long low = 0;
        Header found = end;
        while (low < found.number()) {
            Header middle = known(low + (found.number() - low) / 2);
            if (middle.time().isAfter(frozen)) {
                found = middle;
            } else {
                low = middle.number() + 1;
            }
        }
        return Optional.of(found);
    }

    private Header known(long number) {
        return node.block(number).orElseThrow(() -> new Halted("block " + number + " is gone"));
    }

    private void open(Network network, long epoch, Header block, Instant now) {
        OpenEpoch command = new OpenEpoch(
                epoch,
                network.startOf(epoch),
                network.startOf(epoch + 1),
                block.number(),
                block.hash(),
                eligible.get(),
                now);
        try {
            commands.send(Order.inside("chain", "block:" + block.number(), command))
                    .join();
        } catch (CompletionException e) {
            throw Failures.unwrap(e);
        }
        store.epochOpened(epoch, now, network.startOf(epoch + 1));
    }
}
