package io.athanor.api.checker;

import io.athanor.api.web.Network;
import io.athanor.api.web.Reads;
import io.athanor.domain.attestation.RoundEvent.ReportRevealed;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Subject.CaseSubject;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.Offence.Counterfeit;
import io.athanor.domain.penalty.Offence.Dispute;
import io.athanor.domain.penalty.Offence.Downtime;
import io.athanor.domain.penalty.Offence.Equivocation;
import io.athanor.domain.penalty.Offence.FailedCanary;
import io.athanor.domain.penalty.Offence.FalseResult;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.query.Queries.FindCase;
import io.athanor.domain.view.CaseView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The stored files that a round judges: the outputs of its deliveries, and for a case the outputs of the delivery that it is
 * about and the evidence of the reports that it rests on. Inputs and logs are not among them: no judgement needs them.
 */
@Component
final class JudgedFiles {
    private final Reads reads;
    private final Network network;

    JudgedFiles(Reads reads, Network network) {
        this.reads = reads;
        this.network = network;
    }

    /** @param whole false where a delivery or a case is not known yet, and with it more files may be */
    record Found(Set<Sha256> files, boolean whole) {}

    Found of(RoundOpened round) {
        Set<Sha256> files = new HashSet<>();
        boolean whole = addOutputs(RoundDeliveries.leases(round), files);
        for (CaseSubject subject : cases(round)) {
            Optional<CaseView> file = reads.find(new FindCase(subject.penaltyCase()), CaseView.class);
            whole &= file.isPresent() && add(file.get().offence(), files);
        }
        return new Found(Set.copyOf(files), whole);
    }

    private static List<CaseSubject> cases(RoundOpened round) {
        return round.subjects().stream()
                .filter(CaseSubject.class::isInstance)
                .map(CaseSubject.class::cast)
                .toList();
    }

    /** Whether all of them are known. */
    private boolean addOutputs(List<LeaseId> leases, Set<Sha256> files) {
        if (leases.isEmpty()) {
            return true;
        }
        var found = RoundDeliveries.read(reads, leases);
        found.stream()
                .flatMap(delivery -> delivery.receipt().outputs().stream())
                .map(Receipt.Output::sha256)
                .forEach(files::add);
        return found.size() == leases.size();
    }

    private boolean add(Offence offence, Set<Sha256> files) {
        evidence(offence).forEach(files::add);
        return addOutputs(leases(offence), files);
    }

    private static List<LeaseId> leases(Offence offence) {
        return switch (offence) {
            case Dispute e -> List.of(e.delivery().lease());
            case FailedCanary e -> List.of(e.lease());
            case FalseResult e -> List.of(e.lease());
            case Equivocation _, Downtime _, Counterfeit _, RefutedMatch _ -> List.of();
        };
    }

    private Stream<Sha256> evidence(Offence offence) {
        return switch (offence) {
            case Equivocation e ->
                Stream.of(e.one(), e.other()).map(signed -> signed.report().evidence());
            case FailedCanary e -> Stream.of(e.report().report().evidence());
            case Downtime e -> e.rounds().stream().flatMap(this::evidence);
            case Counterfeit e -> evidence(e.round());
            case Dispute _, FalseResult _, RefutedMatch _ -> Stream.of();
        };
    }

    /** Of the reports that decided the round. */
    private Stream<Sha256> evidence(RoundId round) {
        return network.events(StreamId.of(StreamId.ROUND, round)).stream()
                .filter(ReportRevealed.class::isInstance)
                .map(event -> ((ReportRevealed) event).report().evidence());
    }
}
