package io.athanor.saga.attestation;

import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveRound;
import io.athanor.saga.live.LiveSet;
import java.time.Instant;

/** The case of a machine in which a quorum found other hardware than it claims. */
final class Accusation {
    private final LiveSet live;

    Accusation(LiveSet live) {
        this.live = live;
    }

    /** What is at risk follows from the pool: the case's process freezes it as soon as it sees the case. */
    OpenCase of(LiveRound round, Machine machine, MachineSubject subject, Instant now) {
        LiveNetwork network = live.network();
        var begun = network == null ? null : network.protocol().network();
        Inventory inventory = machine.inventory();
        if (network == null || begun == null || inventory == null) {
            throw new IllegalStateException("a machine is looked at before the network began");
        }
        ProtocolParameters parameters = network.protocol().current().parameters();
        RoundOpened opened = round.opened();
        Counterfeit offence = new Counterfeit(
                PoolId.ofProvider(subject.provider()),
                subject.machine(),
                opened.round(),
                PenaltyPolicy.required(machine, inventory.gpus().size(), parameters),
                Seat.voices(opened.committee()),
                opened.commitUntil());
        long rate = PenaltyPolicy.rateBps(offence, null, now, parameters);
        long day = StakeRules.day(offence.since(), begun.genesis(), parameters.timing());
        int version = PenaltyPolicy.versionOf(offence, parameters);
        return new OpenCase(offence.caseId(), offence, rate, Ath.ZERO, day, version, null, now);
    }
}
