package io.athanor.domain.machine;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.protocol.ProtocolParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which epochs a machine leaves unanswered by not being there: committees look only at machines that are there when rounds
 * open.
 *
 * <p>Invariant: pure, and told by the history alone. Of an absence the last epoch is free, so that whoever comes back while
 * the network itself hears nobody has a whole epoch to be heard of; an epoch that opened late, or none of whose neighbours
 * are known, is nobody's.
 */
public final class Absence {
    private Absence() {}

    /**
     * Whether the network was there from the opening of {@code away} to that of {@code now}: three epochs in a row, each opened in
     * time.
     *
     * @param over the epoch that gives way
     */
    public static boolean isKnown(
            @Nullable EpochOpened away, @Nullable EpochOpened over, EpochOpened now, ProtocolParameters parameters) {
        return parameters.accountable().standing().lookedPpm() != null
                && away != null
                && over != null
                && away.epoch() + 1 == over.epoch()
                && over.epoch() + 1 == now.epoch()
                && isInTime(away, parameters)
                && isInTime(over, parameters)
                && isInTime(now, parameters);
    }

    /** As long as nobody is suspected, the process is not taken to have stood still. */
    private static boolean isInTime(EpochOpened epoch, ProtocolParameters parameters) {
        return epoch.at()
                .isBefore(epoch.startsAt().plusMillis(parameters.liveness().suspectMillis()));
    }

    /**
     * Who left {@code away} unanswered: offered work, was certified and free to take it, and was gone from before it opened until
     * now, without having announced that. Where more than half of those who owe an answer are gone, the network itself heard
     * nobody.
     *
     * @param suspended who gets no work anyhow
     */
    public static List<MachineId> unanswered(
            Map<MachineId, Machine> machines,
            BiPredicate<MachineId, Machine> suspended,
            EpochOpened away,
            EpochOpened now) {
        List<MachineId> gone = new ArrayList<>();
        int owing = 0;
        for (Map.Entry<MachineId, Machine> each : machines.entrySet()) {
            Machine machine = each.getValue();
            if (owes(machine, away, now) && !suspended.test(each.getKey(), machine)) {
                owing++;
                if (isGone(machine, away)) {
                    gone.add(each.getKey());
                }
            }
        }
        return gone.size() * 2 > owing ? List.of() : gone;
    }

    private static boolean owes(Machine machine, EpochOpened away, EpochOpened now) {
        return machine.standing() == Machine.Standing.CERTIFIED
                && machine.price() != null
                && !machine.isClosed(away.at())
                && !machine.isClosed(now.at());
    }

    private static boolean isGone(Machine machine, EpochOpened away) {
        Instant since = machine.steadySince();
        return !machine.online() && since != null && since.isBefore(away.at());
    }
}
