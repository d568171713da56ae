package io.athanor.saga.attestation;

import io.athanor.domain.attestation.CapacityDay;
import io.athanor.domain.attestation.RoundCommand.OpenRound;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.attestation.Subject.MachineSubject;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.epoch.Epoch;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolParameters.Admission.CapacityTests;
import io.athanor.saga.attestation.Draws.Basis;
import io.athanor.saga.attestation.Draws.Windows;
import io.athanor.saga.attestation.Shards.Shard;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveSet;
import io.athanor.saga.routing.Instance;
import io.athanor.saga.routing.Plan;
import io.athanor.saga.routing.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens the daily capacity tests: as soon as an epoch begins, for the machines of the owner groups that its seed draws. One
 * round in a pass, as {@link InspectionRouter}; never more machines in an epoch than the parameters say.
 */
public final class CapacityRouter implements Router {
    private static final String ACTOR = "saga:attestation";

    private final LiveSet live;
    private final Draws draws;
    private final Waiting waiting;

    public CapacityRouter(LiveSet live, Waiting waiting) {
        this.live = live;
        this.draws = new Draws(live);
        this.waiting = waiting;
    }

    @Override
    public void look(Instance instance, Plan plan) {
        long epoch = (Long) instance.id();
        Long newest = live.newestEpoch();
        Epoch known = live.epoch(epoch);
        EpochOpened opened = known == null ? null : known.opened();
        boolean runs = newest != null
                && newest == epoch
                && opened != null
                && plan.now().isBefore(opened.endsAt());
        Basis basis = runs ? draws.basis(epoch) : null;
        CapacityTests rules =
                basis == null ? null : basis.parameters().admission().capacity();
        if (basis == null || rules == null) {
            return;
        }
        Set<String> seen = seen(epoch);
        List<Subject> subjects = drawn(epoch, basis, seen);
        int room = rules.mostMachines() - seen.size();
        if (!subjects.isEmpty() && room > 0) {
            test(epoch, basis, subjects.subList(0, Math.min(room, subjects.size())), instance, plan);
        }
    }

    /** Who is in a round of this epoch, or in an open one of an earlier. */
    private Set<String> seen(long epoch) {
        Set<String> keys = new HashSet<>();
        for (long each : live.openEpochs()) {
            for (RoundId id : live.roundsOf(each)) {
                if (id.kind() == RoundId.Kind.CAPACITY
                        && (each >= epoch - 1 || !live.knownRound(id).closed())) {
                    live.knownRound(id).opened().subjects().forEach(subject -> keys.add(subject.key()));
                }
            }
        }
        return keys;
    }

    private List<Subject> drawn(long epoch, Basis basis, Set<String> seen) {
        int epochsPerDay = basis.parameters().timing().epochsPerDay();
        Hash32 seed = CapacityDay.seed(
                basis.opened().blockHash(), basis.network().saltsOf(epoch).salts(), epoch);
        Map<String, Boolean> groups = new HashMap<>();
        List<Subject> subjects = new ArrayList<>();
        for (MachineId id : live.machines()) {
            LiveMachine machine = live.machine(id);
            MachineSubject subject = machine == null ? null : RoundOpener.subject(id, machine.machine());
            if (machine != null
                    && subject != null
                    && !seen.contains(subject.key())
                    && CapacityDay.isDue(machine.machine(), epoch, epochsPerDay)
                    && groups.computeIfAbsent(
                            live.ownerGroup(subject.provider()),
                            group -> CapacityDay.isDrawn(seed, group, epoch, epochsPerDay))) {
                subjects.add(subject);
            }
        }
        return subjects;
    }

    private void test(long epoch, Basis basis, List<Subject> subjects, Instance instance, Plan plan) {
        for (Shard shard : Shards.of(subjects, s -> live.ownerGroup(s.provider()), basis::eligible)) {
            OpenRound round = open(epoch, basis, shard, plan.now());
            if (round != null) {
                plan.send(instance, ACTOR, List.of(round));
                return;
            }
            int eligible = basis.eligible(shard.owners()).size();
            waiting.forCheckers(epoch, RoundId.Kind.CAPACITY, shard.subjects().size(), eligible);
        }
    }

    private @Nullable OpenRound open(long epoch, Basis basis, Shard shard, Instant now) {
        int number = (int) live.roundsOf(epoch).stream()
                .filter(round -> round.kind() == RoundId.Kind.CAPACITY)
                .count();
        RoundId id = new RoundId(epoch, RoundId.Kind.CAPACITY, number, 0);
        Instant start = now.plusMillis(InspectionRouter.probingMillis(basis.parameters()));
        return basis.open(id, shard.subjects(), shard.owners(), Windows.from(start, basis.parameters()), now);
    }
}
