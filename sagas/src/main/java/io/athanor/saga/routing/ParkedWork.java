package io.athanor.saga.routing;

import io.athanor.domain.port.ParkedInstances;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances that failed too often and wait for an operator; the others go on without them.
 *
 * <p>Invariant: a parked instance is looked at by nobody until {@link #retry}, over restarts too. Its events are still
 * folded, so a retry sees it as it is then.
 */
public final class ParkedWork implements ParkedInstances {
    private static final Logger LOG = LoggerFactory.getLogger(ParkedWork.class);

    private final ParkedStore store;
    private final Map<String, Parked> parked = new ConcurrentSkipListMap<>();

    public ParkedWork(ParkedStore store) {
        this.store = store;
        store.list().forEach(p -> parked.put(p.instance(), p));
    }

    /** Where parked instances are kept. */
    public interface ParkedStore {
        List<Parked> list();

        void add(Parked parked);

        void remove(String instance);
    }

    /** As stored, so that every node says the same. */
    @Override
    public List<Parked> list() {
        return store.list().stream()
                .sorted(Comparator.comparing(Parked::instance))
                .toList();
    }

    /** Takes note of what was retried by way of another node. */
    void refresh() {
        Map<String, Parked> stored = new HashMap<>();
        store.list().forEach(p -> stored.put(p.instance(), p));
        parked.keySet().retainAll(stored.keySet());
        parked.putAll(stored);
    }

    @Override
    public boolean retry(String instance) {
        Optional<Parked> known =
                store.list().stream().filter(p -> p.instance().equals(instance)).findFirst();
        if (known.isEmpty()) {
            return false;
        }
        store.remove(instance);
        parked.remove(instance);
        LOG.info("{} tries again, parked since {}", instance, known.get().since());
        return true;
    }

    void park(Instance instance, int failures, Throwable cause, Instant now) {
        Parked entry = new Parked(instance.text(), failures, String.valueOf(cause.getMessage()), now);
        store.add(entry);
        parked.put(entry.instance(), entry);
        LOG.error(
                "{} is PARKED after {} failures: {}. Others go on; find the cause, then retry it.",
                entry.instance(),
                failures,
                entry.error(),
                cause);
    }

    boolean holds(Instance instance) {
        return !parked.isEmpty() && parked.containsKey(instance.text());
    }
}
