package io.athanor.chain;

import io.athanor.chain.ChainNode.Header;
import io.athanor.chain.ChainStore.Cursor;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.domain.port.Commands;
import io.athanor.domain.port.Commands.Order;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.web3j.abi.EventEncoder;

/**
 * Takes the vault's numbered transfers from final blocks into the log, each once and in order.
 *
 * <p>Invariant: the numbers follow one another without a gap; a gap, or a final block that changed, halts the scan.
 * Repeating a transfer is harmless, since the streams ignore a number they have seen.
 */
final class InboundScanner {
    private static final long BLOCKS_PER_SCAN = 2_000;
    private static final String TOPIC = EventEncoder.encode(AthVault.INBOUND_EVENT);

    private final ChainNode node;
    private final ChainStore store;
    private final Deployment contracts;
    private final Commands commands;
    private final InstantSource clock;

    InboundScanner(ChainNode node, ChainStore store, Deployment contracts, Commands commands, InstantSource clock) {
        this.node = node;
        this.store = store;
        this.contracts = contracts;
        this.commands = commands;
        this.clock = clock;
    }

    /** Scans what has become final since the last time. */
    void tick() {
        Cursor cursor = store.cursor().orElseGet(() -> new Cursor(contracts.deployBlock() - 1, "", 0));
        Header end = node.finalized();
        requireSameHistory(cursor, end);
        while (cursor.block() < end.number()) {
            long to = Math.min(cursor.block() + BLOCKS_PER_SCAN, end.number());
            cursor = scan(cursor, to, to == end.number() ? end : header(to));
            store.cursor(cursor);
        }
    }

    private void requireSameHistory(Cursor cursor, Header end) {
        if (cursor.hash().isEmpty()) {
            return;
        }
        boolean same = end.number() >= cursor.block()
                && header(cursor.block()).hash().hex().equals(cursor.hash());
        if (!same) {
            throw new Halted(
                    "block " + cursor.block() + " was final as " + cursor.hash() + " and the chain no longer has it");
        }
    }

    private Header header(long number) {
        return node.block(number).orElseThrow(() -> new Halted("block " + number + " is gone"));
    }

    private Cursor scan(Cursor cursor, long to, Header last) {
        List<Inbound> transfers = node.logs(contracts.vault(), TOPIC, cursor.block() + 1, to).stream()
                .map(Inbound::of)
                .toList();
        long number = cursor.inbound();
        Instant now = clock.instant();
        for (Inbound transfer : transfers) {
            number++;
            if (transfer.number() != number) {
                throw new Halted("transfer " + number + " is missing; the vault went on with " + transfer.number());
            }
            take(transfer, now);
        }
        return new Cursor(to, last.hash().hex(), number);
    }

    private void take(Inbound transfer, Instant now) {
        try {
            commands.send(Order.inside("chain", "inbound:" + transfer.number(), transfer.command(now)))
                    .join();
        } catch (CompletionException e) {
            throw Failures.unwrap(e);
        }
        store.inbound(transfer);
    }
}
