package io.athanor.chain;

import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.SettlementLeaf;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;

/**
 * What the log owes the chain, written in the transaction of the processor's token; no question to the chain here.
 *
 * <p>A batch's members were fixed by its epoch: its settled tasks in task order. Nothing is chosen here, and an event
 * that comes again changes nothing.
 */
final class ChainOutbox {
    private final LedgerTables ledger;

    ChainOutbox(LedgerTables ledger) {
        this.ledger = ledger;
    }

    void on(Event event, long index) {
        switch (event) {
            case NetworkBegun e -> ledger.network(e.chainId(), e.genesis());
            case ParametersActivated e ->
                ledger.epochMillis(e.parameters().timing().epochMillis());
            case EpochOpened e -> ledger.epochOpened(e.epoch(), e.at(), e.endsAt());
            case DepositCredited e -> ledger.inbound(Inbound.of(e));
            case StakeBonded e -> ledger.inbound(Inbound.of(e));
            case ReserveCredited e -> ledger.inbound(Inbound.of(e));
            case JobSettled e -> ledger.item(e.task(), e.epoch(), SettlementLeaf.of(e));
            case SettlementBatched e -> ledger.seal(e.batch(), e.epoch(), index);
            default -> {
                // Every other event is none of the chain's business.
            }
        }
    }
}
