package io.athanor.chain;

import io.athanor.chain.ProgressTables.Cursor;
import io.athanor.chain.SignerTables.SignerSet;
import io.athanor.contracts.ChainFault;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.ChainStatus;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an operator sees of the projector and may do to it. */
final class ChainOperations implements ChainStatus {
    /** A refill is due when fewer batches than these are paid for: a day of the busiest network. */
    private static final long REFILL_BATCHES = 200;

    /** What a batch with 15 of 21 signers was measured to use, rounded up. */
    private static final long BATCH_GAS = 210_000;

    /** The same of what is relayed: claims of those who asked, bonds that are released, now and then a penalty. */
    private static final long REFILL_RELAYED = 200;

    /** What the first claim of an account without ATH was measured to use, rounded up: the dearest of claims. */
    private static final long RELAYED_GAS = 110_000;

    private final ChainNode node;
    private final Tables tables;
    private final ProjectorLoop loop;
    private final Wallet submitter;
    private final Optional<Wallet> relay;
    private final Supplier<List<Endpoint>> endpoints;

    ChainOperations(
            ChainNode node,
            Tables tables,
            ProjectorLoop loop,
            Wallet submitter,
            Optional<Wallet> relay,
            Supplier<List<Endpoint>> endpoints) {
        this.node = node;
        this.tables = tables;
        this.loop = loop;
        this.submitter = submitter;
        this.relay = relay;
        this.endpoints = endpoints;
    }

    @Override
    public Report report() {
        Optional<SignerSet> set = tables.signers().newest();
        List<Halt> halts = tables.progress().halts();
        long read = tables.progress().cursor().map(Cursor::block).orElse(-1L);
        Long last = answered(() -> node.finalized().number());
        Submitter balance = payer(submitter, REFILL_BATCHES * BATCH_GAS);
        Submitter relayed =
                relay.map(wallet -> payer(wallet, REFILL_RELAYED * RELAYED_GAS)).orElse(null);
        List<Endpoint> nodes = endpoints.get();
        return new Report(
                Alarms.of(halts, tables.records().refuted(), read, last, balance, relayed, nodes),
                halts,
                loop.waitingFor().orElse(null),
                Stream.of(CosignKind.values()).map(tables.messages()::lane).toList(),
                set.map(SignerSet::version).orElse(0),
                set.map(known -> known.wallets().size()).orElse(0),
                set.map(SignerSet::quorum).orElse(0),
                read,
                last,
                balance,
                relayed,
                nodes);
    }

    /** A key that pays, and what so much gas costs at today's fees. */
    private Submitter payer(Wallet wallet, long gas) {
        BigInteger balance = answered(() -> node.balance(wallet));
        BigInteger refill =
                answered(() -> Fees.first(node.latest().baseFee()).most().multiply(BigInteger.valueOf(gas)));
        boolean low = balance != null && refill != null && balance.compareTo(refill) < 0;
        return new Submitter(
                wallet.address(),
                balance == null ? null : balance.toString(),
                refill == null ? null : refill.toString(),
                low,
                Fees.CAP.toString());
    }

    private static <T> @Nullable T answered(Supplier<T> question) {
        try {
            return question.get();
        } catch (ChainFault | Halted e) {
            return null;
        }
    }

    @Override
    public void resume() {
        tables.progress().resume();
        tables.records().refutationsSeen();
    }
}
