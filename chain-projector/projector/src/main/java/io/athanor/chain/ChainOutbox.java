package io.athanor.chain;

import io.athanor.chain.SignerTables.Drawn;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.account.AccountEvent.WithdrawalPaid;
import io.athanor.domain.account.AccountEvent.WithdrawalRequested;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Event;
import io.athanor.domain.epoch.BondReleases;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.epoch.SettlementDay;
import io.athanor.domain.epoch.SignerDraw;
import io.athanor.domain.job.JobEvent.JobAssigned;
import io.athanor.domain.job.JobEvent.JobSettled;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.util.ArrayList;
import java.util.List;

/**
 * What the log owes the chain, written in the transaction of the processor's token; no question to the chain here.
 *
 * <p>A batch's members were fixed by its epoch: its settled tasks and the leases that were made in it, which is while it
 * was the newest one. A root of withdrawals covers what was
 * asked for before the event that closed its epoch, which is one set of events for everybody, since events have one order.
 * Nothing is chosen here, and an event that comes again changes nothing.
 */
final class ChainOutbox {
    private final LedgerTables ledger;
    private final MessageTables messages;
    private final SignerTables signers;
    private final PayoutTables payouts;
    private final BondTables bonds;
    private final RecordTables records;
    private final List<Item> waiting = new ArrayList<>();

    ChainOutbox(Tables tables) {
        this.ledger = tables.ledger();
        this.messages = tables.messages();
        this.signers = tables.signers();
        this.payouts = tables.payouts();
        this.bonds = tables.bonds();
        this.records = tables.records();
    }

    /** Begins a transaction; what one that was rolled back left behind is forgotten. */
    void begin() {
        waiting.clear();
    }

    /** Writes what is still to be written in this transaction. */
    void flush() {
        if (!waiting.isEmpty()) {
            ledger.items(waiting);
            waiting.clear();
        }
    }

    /** The next event, between {@link #begin} and {@link #flush}. */
    void on(Event event, long index) {
        BondReleases.changes(event).forEach(change -> bonds.changed(change, index));
        records.take(event, index);
        switch (event) {
            case NetworkBegun e -> ledger.network(e.chainId(), e.genesis());
            case ParametersActivated e -> ledger.parameters(e.parameters());
            case EpochOpened e -> opened(e, index);
            case DepositCredited e -> ledger.inbound(Inbound.of(e));
            case StakeBonded e -> ledger.inbound(Inbound.of(e));
            case ReserveCredited e -> ledger.inbound(Inbound.of(e));
            case WithdrawalRequested e -> payouts.requested(e.wallet(), e.cumulative());
            case WithdrawalPaid e -> payouts.paid(e.wallet(), e.amount(), e.paid(), e.block());
            case JobAssigned e -> waiting.addAll(Item.of(e));
            case JobSettled e -> waiting.add(Item.of(e));
            case SettlementBatched e -> {
                flush();
                ledger.seal(e.batch(), e.epoch());
                messages.seal(CosignKind.BATCH, e.batch().seq(), index);
            }
            case EpochClosed e -> closed(e, index);
            case WithdrawalsRooted e -> {
                payouts.rooted(e.payout().number());
                messages.seal(CosignKind.PAYOUT, e.payout().number(), index);
            }
            default -> {
                // Every other event is none of the chain's business.
            }
        }
    }

    private void opened(EpochOpened e, long index) {
        flush();
        List<Candidate> frozen = ledger.frozenBefore(e.epoch());
        ledger.epochOpened(e.epoch(), e.at(), e.endsAt(), e.eligible());
        signers.eligible(e.eligible());
        ledger.parameters().ifPresent(parameters -> draw(e, frozen, parameters, index));
    }

    private void draw(EpochOpened e, List<Candidate> frozen, ProtocolParameters parameters, long index) {
        long last = signers.newestDraw().map(Drawn::epoch).orElse(-1L);
        if (SettlementDay.begins(e.epoch(), last, parameters.timing().epochsPerDay())) {
            SignerDraw draw = SignerDraw.of(frozen, e.blockHash(), parameters);
            if (draw.usable()) {
                signers.drawn(new Drawn(e.epoch(), draw, index));
            }
        }
    }

    private void closed(EpochClosed e, long index) {
        ledger.parameters().ifPresent(parameters -> {
            int epochsPerDay = parameters.timing().epochsPerDay();
            if (SettlementDay.begins(e.epoch(), payouts.lastEpoch(), epochsPerDay) && payouts.owes()) {
                payouts.fix(e.epoch(), e.head().seq());
            }
            records.fix(e.epoch(), epochsPerDay, e.head().seq(), index)
                    .ifPresent(number -> messages.seal(CosignKind.RECORDS, number, index));
        });
    }
}
