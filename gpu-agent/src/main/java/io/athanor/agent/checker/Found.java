package io.athanor.agent.checker;

import io.athanor.audit.Replay;
import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.SettlementBatched;
import io.athanor.domain.epoch.EpochEvent.WithdrawalsRooted;
import io.athanor.domain.epoch.SettlementDay;
import io.athanor.domain.epoch.SignerDraw;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.wire.CheckerProtocol.BatchDuty;
import io.athanor.domain.wire.CheckerProtocol.CosignDuty;
import io.athanor.domain.wire.CheckerProtocol.PayoutDuty;
import io.athanor.domain.wire.CheckerProtocol.RecordsDuty;
import io.athanor.domain.wire.CheckerProtocol.SignerSetDuty;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the history says of the things that are cosigned. That a batch and a root follow from the events before them is the
 * replay's work, and so are the states of the log of records; the draw of a signer set, of which no event speaks, is made
 * here again.
 */
final class Found {
    private final Replay replay;
    private final Map<Long, SettlementBatched> batches = new HashMap<>();
    private final Map<Long, WithdrawalsRooted> payouts = new HashMap<>();
    private final Set<SignerDraw> draws = new HashSet<>();
    private List<Candidate> frozen = List.of();
    private long lastDraw = -1;
    private @Nullable Wallet vault;
    private @Nullable ProtocolParameters parameters;

    /** @param replay of the same history */
    Found(Replay replay) {
        this.replay = replay;
    }

    void take(Event event) {
        switch (event) {
            case NetworkBegun e -> vault = e.vault();
            case ParametersActivated e -> parameters = e.parameters();
            case EpochOpened e -> opened(e);
            case SettlementBatched e -> batches.put(e.batch().seq(), e);
            case WithdrawalsRooted e -> payouts.put(e.payout().number(), e);
            default -> {
                // Nobody cosigns it.
            }
        }
    }

    private void opened(EpochOpened e) {
        ProtocolParameters inForce = parameters;
        if (inForce != null
                && SettlementDay.begins(e.epoch(), lastDraw, inForce.timing().epochsPerDay())) {
            SignerDraw draw = SignerDraw.of(frozen, e.blockHash(), inForce);
            if (draw.usable()) {
                draws.add(draw);
                lastDraw = e.epoch();
            }
        }
        frozen = e.eligible();
    }

    /** Whether the history holds exactly this. */
    boolean holds(CosignDuty duty) {
        return switch (duty) {
            case BatchDuty d -> {
                SettlementBatched known = batches.get(d.number());
                yield known != null && known.batch().equals(d.batch()) && known.epoch() == d.epoch();
            }
            case PayoutDuty d -> {
                WithdrawalsRooted known = payouts.get(d.number());
                yield known != null
                        && known.payout().equals(d.payout())
                        && known.epoch() == d.epoch()
                        && d.vault().equals(vault);
            }
            case SignerSetDuty d -> draws.contains(d.draw());
            case RecordsDuty d -> replay.checkpoints().contains(d.checkpoint());
        };
    }
}
