package io.athanor.chain;

import io.athanor.chain.ProgressTables.Cursor;
import io.athanor.contracts.ChainFault;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.port.ChainStatus;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an operator sees of the projector and may do to it. */
final class ChainOperations implements ChainStatus {
    private final ChainNode node;
    private final Tables tables;
    private final ProjectorLoop loop;
    private final Wallet submitter;

    ChainOperations(ChainNode node, Tables tables, ProjectorLoop loop, Wallet submitter) {
        this.node = node;
        this.tables = tables;
        this.loop = loop;
        this.submitter = submitter;
    }

    @Override
    public Report report() {
        return new Report(
                tables.progress().halts(),
                loop.waitingFor().orElse(null),
                tables.batches().openByState(),
                tables.progress().cursor().map(Cursor::block).orElse(-1L),
                answered(() -> node.finalized().number()),
                submitter.address(),
                answered(() -> node.balance(submitter).toString()));
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
    }
}
