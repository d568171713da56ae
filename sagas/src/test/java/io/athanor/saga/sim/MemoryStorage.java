package io.athanor.saga.sim;

import io.athanor.domain.hash.Hash32;
import io.athanor.domain.port.ParkedInstances.Parked;
import io.athanor.saga.live.LiveStorage;
import io.athanor.saga.routing.ParkedWork.ParkedStore;
import io.athanor.saga.settlement.Books;
import io.athanor.saga.settlement.Books.BookStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a crash leaves behind, in memory. */
public final class MemoryStorage implements LiveStorage, BookStore, ParkedStore {
    private final Map<String, StoredRow> rows = new TreeMap<>();
    private final Map<String, Books> books = new HashMap<>();
    private final Map<String, Parked> parked = new TreeMap<>();
    private long position;

    @Override
    public long load(List<String> tables, Consumer<StoredRow> sink) {
        rows.values().forEach(sink);
        return position;
    }

    @Override
    public long asOf() {
        return position;
    }

    @Override
    public boolean write(List<Change> changes, long from, long to) {
        if (from != position) {
            return false;
        }
        position = to;
        for (Change change : changes) {
            String id = change.table() + "/" + change.key();
            String body = change.body();
            if (body == null) {
                rows.remove(id);
            } else {
                rows.put(id, new StoredRow(change.table(), change.key(), body));
            }
        }
        return true;
    }

    /** All rows' bodies, by table and key. */
    public Map<String, String> bodies() {
        Map<String, String> bodies = new TreeMap<>();
        rows.forEach((id, row) -> bodies.put(id, row.body()));
        return bodies;
    }

    public int booksKept() {
        return books.size();
    }

    @Override
    public void keep(Hash32 root, Books made) {
        books.putIfAbsent(made.epoch() + "/" + root, made);
    }

    @Override
    public Optional<Books> find(long epoch, Hash32 root) {
        return Optional.ofNullable(books.get(epoch + "/" + root));
    }

    @Override
    public void forget(long epoch) {
        books.keySet().removeIf(key -> key.startsWith(epoch + "/"));
    }

    @Override
    public List<Parked> list() {
        return List.copyOf(parked.values());
    }

    @Override
    public void add(Parked entry) {
        parked.put(entry.instance(), entry);
    }

    @Override
    public void remove(String instance) {
        parked.remove(instance);
    }
}
