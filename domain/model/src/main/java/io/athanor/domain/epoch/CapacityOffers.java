package io.athanor.domain.epoch;

import io.athanor.domain.account.Withheld;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.RoundFacts.MachineRecord;
import io.athanor.domain.machine.Inventory;
import io.athanor.domain.machine.Machine;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether an epoch's capacity is paid for on a machine: it takes work, is offered, so that its stake is committed, and asks for
 * no more than a share of the median price of its model. Prices in wei a GPU-second.
 *
 * <p>Invariant: a pure function of the machines that were online in the epoch, whatever their order. A provider counts once in a
 * model's median, with its lowest price, so that nobody moves it by more machines; of an even number of prices it is the lower
 * middle one. A machine of several models is held against the dearest of them.
 */
final class CapacityOffers {
    private final Map<String, Ath> medians;
    private final int mostBps;

    private CapacityOffers(Map<String, Ath> medians, int mostBps) {
        this.medians = medians;
        this.mostBps = mostBps;
    }

    /** @param mostBps of the median that a price may be */
    static CapacityOffers of(Collection<MachineRecord> online, int mostBps) {
        Map<String, Map<Wallet, Ath>> prices = new HashMap<>();
        for (MachineRecord known : online) {
            Machine machine = known.machine();
            if (machine.price() != null && machine.provider() != null && known.takesWork()) {
                for (String model : models(machine)) {
                    prices.computeIfAbsent(model, m -> new TreeMap<>())
                            .merge(machine.provider(), machine.price(), Ath::min);
                }
            }
        }
        Map<String, Ath> medians = new HashMap<>();
        prices.forEach((model, asked) -> medians.put(model, median(asked.values())));
        return new CapacityOffers(medians, mostBps);
    }

    private static Set<String> models(Machine machine) {
        Inventory inventory = machine.inventory();
        return inventory == null
                ? Set.of()
                : inventory.gpus().stream().map(Inventory.Gpu::model).collect(Collectors.toSet());
    }

    private static Ath median(Collection<Ath> prices) {
        List<Ath> sorted = prices.stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    /** Why nothing is paid, null where these rules find no reason. */
    @Nullable Withheld withheld(MachineRecord known) {
        if (!known.takesWork()) {
            return Withheld.SUSPENDED;
        }
        Ath price = known.machine().price();
        if (price == null) {
            return Withheld.NOT_OFFERED;
        }
        boolean fair = models(known.machine()).stream()
                .map(medians::get)
                .filter(Objects::nonNull)
                .anyMatch(median -> median.bps(mostBps).covers(price));
        return fair ? null : Withheld.OVERPRICED;
    }
}
