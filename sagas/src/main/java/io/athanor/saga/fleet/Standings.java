package io.athanor.saga.fleet;

import io.athanor.domain.common.Command;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.machine.Machine;
import io.athanor.domain.machine.MachineCommand.ScoreQuality;
import io.athanor.domain.machine.Quality;
import io.athanor.domain.machine.Quality.Scored;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.provider.Provider;
import io.athanor.domain.provider.ProviderCommand.ReadmitMachine;
import io.athanor.domain.provider.ProviderCommand.SuspendForQuality;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.provider.Suspension.LowQuality;
import io.athanor.domain.stake.StakeRules;
import io.athanor.saga.live.LiveMachine;
import io.athanor.saga.live.LiveNetwork;
import io.athanor.saga.live.LiveSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a machine's days: each is told when its books are closed, too many bad ones suspend it, and clean ones
 * with another inspection bring it back.
 */
public final class Standings {
    private final LiveSet live;
    private @Nullable Idle idle;

    /** What was reckoned last. */
    private record Idle(long day, @Nullable Long ppm) {}

    public Standings(LiveSet live) {
        this.live = live;
    }

    /** The newest settlement day that no open books belong to, below zero before the first. */
    long closedDay() {
        LiveNetwork network = live.network();
        return network == null ? -1 : network.closedDay(live.openEpochs());
    }

    /** The days that are over and not told yet, and what follows from them. */
    List<Command> score(MachineId id, LiveMachine known, Instant now) {
        Machine machine = known.machine();
        Wallet owner = machine.provider();
        List<Command> commands = new ArrayList<>();
        if (machine.standing() == Machine.Standing.RETIRED || owner == null) {
            return commands;
        }
        Quality quality = known.quality();
        Long told = machine.scored();
        quality.days().keySet().stream()
                .filter(day -> day <= closedDay() && (told == null || day > told))
                .sorted()
                .forEach(day -> commands.addAll(score(id, owner, quality, day, now)));
        return commands;
    }

    private List<Command> score(MachineId id, Wallet owner, Quality quality, long day, Instant now) {
        ProtocolParameters parameters = parametersOf(day);
        if (parameters == null) {
            return List.of();
        }
        var rules = parameters.accountable().standing();
        Scored scored = quality.scored(rules, parameters.sla().tierPpm(), day, idlePpm(day));
        Command told = new ScoreQuality(id, scored, now);
        boolean low = quality.isLow(rules, day) && live.provider(owner) != null && suspension(id, owner) == null;
        return low
                ? List.of(
                        told,
                        new SuspendForQuality(
                                owner,
                                id,
                                new LowQuality(day, quality.ppmWithoutLosses(rules, day)),
                                Suspension.Terms.of(parameters),
                                now))
                : List.of(told);
    }

    /** What counts as the completion of idle machines on a day whose books are closed; it does not change any more. */
    @Nullable Long idlePpm(long day) {
        ProtocolParameters parameters = parametersOf(day);
        if (parameters == null) {
            return null;
        }
        Idle known = idle;
        if (known == null || known.day != day) {
            known = new Idle(
                    day, Quality.idlePpm(qualities(), parameters.accountable().standing(), day));
            idle = known;
        }
        return known.ppm;
    }

    private List<Quality> qualities() {
        List<Quality> all = new ArrayList<>();
        for (MachineId id : live.machines()) {
            LiveMachine machine = live.machine(id);
            if (machine != null) {
                all.add(machine.quality());
            }
        }
        return all;
    }

    /** Those that the day's last epoch ran under. */
    private @Nullable ProtocolParameters parametersOf(long day) {
        LiveNetwork network = live.network();
        if (network == null) {
            return null;
        }
        int epochs = network.protocol().current().parameters().timing().epochsPerDay();
        var version = network.parametersOf((day + 1) * epochs - 1);
        return version == null ? null : version.parameters();
    }

    /** What keeps a machine from work, null where nothing does. */
    @Nullable Suspension suspension(MachineId id, @Nullable Wallet owner) {
        Provider provider = owner == null ? null : live.provider(owner);
        return provider == null ? null : provider.inForce(id);
    }

    /** Whether it is suspended, its time is over, and its days were clean: an inspection is all that it needs. */
    public boolean isBack(MachineId id, LiveMachine known, Instant now) {
        Suspension suspension = suspension(id, known.machine().provider());
        Instant until = suspension == null ? null : suspension.until();
        long day = closedDay();
        ProtocolParameters parameters = parametersOf(day);
        return suspension != null
                && until != null
                && !now.isBefore(until)
                && parameters != null
                && known.quality().isClean(parameters, dayOf(suspension.at(), parameters), day);
    }

    private long dayOf(Instant at, ProtocolParameters parameters) {
        LiveNetwork network = live.network();
        var begun = network == null ? null : network.protocol().network();
        return begun == null ? 0 : StakeRules.day(at, begun.genesis(), parameters.timing());
    }

    /** What goes with a certificate: nothing where the machine is not suspended, or has to wait. */
    public List<Command> readmit(MachineId id, LiveMachine known, RoundId inspection, Instant now) {
        Wallet owner = known.machine().provider();
        return owner != null && isBack(id, known, now)
                ? List.of(new ReadmitMachine(owner, id, inspection, closedDay(), now))
                : List.of();
    }
}
