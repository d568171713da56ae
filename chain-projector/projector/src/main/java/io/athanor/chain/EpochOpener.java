package io.athanor.chain;

import io.athanor.chain.ChainNode.Header;
import io.athanor.chain.LedgerTables.Network;
import io.athanor.chain.LedgerTables.Opened;
import io.athanor.chain.ProgressTables.Opening;
import io.athanor.contracts.ChainFault;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.epoch.EpochCommand.OpenEpoch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Opens each epoch with a final block that nobody could know when its candidates were frozen.
 *
 * <p>Epoch e is opened with the first final block whose time lies after the opening of the epoch before it, where the
 * candidates of e were frozen. Epochs that passed entirely while no node ran are skipped: nothing could happen in them.
 * An order is stored before it is sent and repeated until the log shows the epoch, so that no other epoch is opened on
 * an older block meanwhile.
 */
final class EpochOpener {
    private final ChainNode node;
    private final Tables tables;
    private final Orders orders;
    private final InstantSource clock;
    private final Supplier<List<Candidate>> eligible;

    EpochOpener(ChainNode node, Tables tables, Orders orders, InstantSource clock, Supplier<List<Candidate>> eligible) {
        this.node = node;
        this.tables = tables;
        this.orders = orders;
        this.clock = clock;
        this.eligible = eligible;
    }

    /** Opens the next epoch if it has begun and its block is final. */
    void tick() {
        tables.ledger().network().ifPresent(this::openNext);
    }

    private void openNext(Network network) {
        Optional<Opened> newest = tables.ledger().newestEpoch();
        Instant now = clock.instant();
        Opening next = pending(newest).orElseGet(() -> due(network, newest, now));
        if (!now.isBefore(next.startsAt())) {
            Instant frozen = newest.map(Opened::openedAt).orElse(network.genesis());
            firstFinalAfter(frozen).ifPresent(block -> open(next, block, now));
        }
    }

    private Optional<Opening> pending(Optional<Opened> newest) {
        long opened = newest.map(Opened::epoch).orElse(-1L);
        return tables.progress().opening().filter(ordered -> ordered.epoch() > opened);
    }

    /** The epoch after the newest, or the one that runs now where that one has passed. */
    static Opening due(Network network, Optional<Opened> newest, Instant now) {
        long first = newest.map(opened -> opened.epoch() + 1).orElse(0L);
        Instant begins = newest.map(Opened::endsAt).orElse(network.genesis());
        long millis = network.epochMillis();
        long passed = Math.max(0, Duration.between(begins, now).toMillis() / millis);
        Instant start = begins.plusMillis(passed * millis);
        return new Opening(first + passed, start, start.plusMillis(millis));
    }

    /** Block times rise, so the first one after an instant is found by halving. */
    private Optional<Header> firstFinalAfter(Instant frozen) {
        Header found = node.finalized();
        if (!found.time().isAfter(frozen)) {
            return Optional.empty();
        }
        long low = 0;
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
        return node.block(number).orElseThrow(() -> new ChainFault("the node lost block " + number));
    }

    private void open(Opening next, Header block, Instant now) {
        List<Candidate> candidates = eligible.get();
        tables.progress().opening(next);
        orders.send(
                "block:" + block.number(),
                new OpenEpoch(
                        next.epoch(), next.startsAt(), next.endsAt(), block.number(), block.hash(), candidates, now));
    }
}
