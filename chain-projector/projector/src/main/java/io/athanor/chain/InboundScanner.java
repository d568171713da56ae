package io.athanor.chain;

import io.athanor.chain.ChainNode.Header;
import io.athanor.chain.ProgressTables.Cursor;
import io.athanor.contracts.ChainFault;
import io.athanor.contracts.Deployment;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.contracts.wrapper.SettlementLog;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.web3j.abi.EventEncoder;
import org.web3j.protocol.core.methods.response.Log;

/**
 * Takes the vault's numbered transfers from final blocks into the log, each once and in order, what the vault paid out,
 * and the signer sets that they installed.
 *
 * <p>Invariant: the numbers follow one another without a gap; a gap, other content under a known number, or a final
 * block that changed halts everything. Repeating a transfer is harmless, since the streams ignore a number they have
 * seen.
 */
final class InboundScanner {
    private static final long BLOCKS_PER_SCAN = 2_000;
    private static final String INBOUND = EventEncoder.encode(AthVault.INBOUND_EVENT);
    private static final String SIGNERS = EventEncoder.encode(SettlementLog.SIGNERSETINSTALLED_EVENT);

    private final ChainNode node;
    private final Tables tables;
    private final Deployment contracts;
    private final SignerSetKeeper signers;
    private final VaultEvents outward;
    private final RecordEvents records;
    private final Orders orders;
    private final InstantSource clock;

    InboundScanner(
            ChainNode node,
            Tables tables,
            Deployment contracts,
            SignerSetKeeper signers,
            Orders orders,
            InstantSource clock) {
        this.node = node;
        this.tables = tables;
        this.contracts = contracts;
        this.signers = signers;
        this.outward = new VaultEvents(tables.payouts(), tables.bonds(), orders, clock);
        this.records = new RecordEvents(tables.records(), new Accusations(tables, orders, clock));
        this.orders = orders;
        this.clock = clock;
    }

    /** Scans what has become final since the last time. */
    void tick() {
        Cursor cursor = tables.progress().cursor().orElseGet(() -> new Cursor(contracts.deployBlock() - 1, "", 0, 0));
        requireSameHistory(cursor);
        Header end = node.finalized();
        while (cursor.block() < end.number()) {
            long to = Math.min(cursor.block() + BLOCKS_PER_SCAN, end.number());
            cursor = scan(cursor, to == end.number() ? end : header(to));
            tables.progress().cursor(cursor);
        }
    }

    private void requireSameHistory(Cursor cursor) {
        if (cursor.hash().isEmpty()) {
            return;
        }
        Optional<Header> now = node.block(cursor.block());
        if (now.isEmpty()) {
            throw new ChainFault("the node is behind block " + cursor.block() + ", which was final before");
        }
        if (!now.get().hash().hex().equals(cursor.hash())) {
            throw new Halted("block " + cursor.block() + " was final as " + cursor.hash() + " and is now "
                    + now.get().hash());
        }
    }

    private Header header(long number) {
        return node.block(number).orElseThrow(() -> new ChainFault("the node lost block " + number));
    }

    private Cursor scan(Cursor cursor, Header last) {
        List<Log> logs = node.logs(
                List.of(contracts.vault(), contracts.log(), contracts.penalties(), contracts.agreements()),
                List.of(
                        INBOUND,
                        SIGNERS,
                        VaultEvents.CLAIMED,
                        VaultEvents.POSTED,
                        VaultEvents.RELEASED,
                        VaultEvents.DISABLED,
                        RecordEvents.APPLIED,
                        RecordEvents.REFUTED),
                cursor.block() + 1,
                last.number());
        long number = cursor.inbound();
        long claims = cursor.claims();
        for (Log log : logs) {
            String topic = log.getTopics().getFirst();
            if (topic.equals(SIGNERS)) {
                signers.installed(log);
            } else if (topic.equals(INBOUND)) {
                number++;
                take(Inbound.of(log), number);
            } else if (RecordEvents.isOne(topic)) {
                records.take(log);
            } else {
                claims += outward.take(log) ? 1 : 0;
            }
        }
        return new Cursor(last.number(), last.hash().hex(), number, claims);
    }

    private void take(Inbound transfer, long number) {
        if (transfer.number() != number) {
            throw new Halted("transfer " + number + " is missing; the vault went on with " + transfer.number());
        }
        Optional<Inbound> known = tables.ledger().inbound(number);
        if (known.isEmpty()) {
            orders.send("inbound:" + number, transfer.command(clock.instant()));
        } else if (!known.get().sameContent(transfer)) {
            throw new Halted("the log took transfer " + number + " as " + known.get() + ", the chain has " + transfer);
        }
    }
}
