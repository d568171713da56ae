package io.athanor.saga.live;

import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.stake.StakeRules;
import java.time.Instant;
import java.util.Optional;

/**
 * What a machine has still to answer for. Nothing of what stands behind it is let go before: it does not retire, and its
 * provider's stake stays committed. A suspension keeps it from retiring for as long as it counts, since its hardware could come
 * back under another name; stake stays for what may still be taken.
 */
public final class Obligations {
    private Obligations() {}

    /** What keeps it from retiring. */
    public static Optional<String> ofRetiring(LiveSet live, MachineId id, Instant now) {
        return of(live, id, now).or(() -> standing(live, id, now));
    }

    private static Optional<String> standing(LiveSet live, MachineId id, Instant now) {
        LiveMachine machine = live.machine(id);
        Wallet owner = machine == null ? null : machine.machine().provider();
        Provider provider = owner == null ? null : live.provider(owner);
        LiveNetwork network = live.network();
        return provider == null || network == null
                ? Optional.empty()
                : provider.keepsFromRetiring(
                        id, Suspension.Terms.of(network.protocol().current().parameters()), now);
    }

    /** The first one found, in words; empty where there is none. Leases are the machine's own stream's to know. */
    public static Optional<String> of(LiveSet live, MachineId id, Instant now) {
        for (CaseId each : live.cases()) {
            LiveCase known = live.penaltyCase(each);
            if (known != null
                    && !known.state().isOver()
                    && id.equals(offence(known).machine())) {
                return Optional.of("case " + each + " is open");
            }
        }
        LiveMachine machine = live.machine(id);
        Outage outage = machine == null ? null : machine.outage();
        return outage != null && isOwed(live, id, outage, now)
                ? Optional.of("its outage since " + outage.since() + " lost "
                        + outage.leases().size() + " leases and is not settled")
                : Optional.empty();
    }

    /** Whether it is away with leases that it lost and no committee has looked yet. */
    public static boolean awaitsQuorum(LiveSet live, LiveMachine machine, Instant now) {
        Outage outage = machine.outage();
        return outage != null && outage.ended() == null && outage.rounds().isEmpty() && mayHaveACase(live, outage, now);
    }

    private static boolean isOwed(LiveSet live, MachineId id, Outage outage, Instant now) {
        Instant ended = outage.ended();
        boolean mayStillBeFound = ended == null || outage.rounds().isEmpty() && isLookedAt(live, id, ended);
        return mayStillBeFound && mayHaveACase(live, outage, now) && outage.penaltyCase() == null;
    }

    /** Whether a round that opened while it was away has still to say so. */
    private static boolean isLookedAt(LiveSet live, MachineId id, Instant ended) {
        return live.openEpochs().stream()
                .flatMap(epoch -> live.roundsOf(epoch).stream())
                .filter(round -> round.kind() == RoundId.Kind.LIVENESS)
                .map(live::knownRound)
                .filter(round -> !round.closed() && round.opened().at().isBefore(ended))
                .flatMap(round -> round.opened().subjects().stream())
                .anyMatch(subject -> subject instanceof MachineSubject known
                        && known.machine().equals(id));
    }

    /** Evidence is taken for so many settlement days. */
    private static boolean mayHaveACase(LiveSet live, Outage outage, Instant now) {
        LiveNetwork network = live.network();
        if (network == null || outage.leases().isEmpty()) {
            return false;
        }
        long day = network.protocol().current().parameters().timing().dayMillis();
        return now.isBefore(outage.since().plusMillis(StakeRules.EVIDENCE_DAYS * day));
    }

    private static Offence offence(LiveCase known) {
        return known.state().known().offence();
    }
}
