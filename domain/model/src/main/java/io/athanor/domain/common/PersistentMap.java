package io.athanor.domain.common;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in key order whose changed copies share almost everything: a pool of 100,000 delegators changes one of
 * them in about twenty steps, and any former state stays as it was.
 *
 * <p>Invariant: a treap whose priorities follow from the keys alone, so equal contents have one shape, whatever their
 * history. Source: Seidel and Aragon, Randomized Search Trees, 1996.
 */
public final class PersistentMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V> {
    /** Odd 32-bit constant of Fibonacci hashing: spreads hash codes that are alike. */
    private static final int SPREAD = 0x9E37_79B9;

    private final @Nullable Node<K, V> root;
    private final int size;

    private PersistentMap(@Nullable Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    private record Node<K, V>(
            K key,
            V value,
            int priority,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right) {
        Node<K, V> withLeft(@Nullable Node<K, V> other) {
            return new Node<>(key, value, priority, other, right);
        }

        Node<K, V> withRight(@Nullable Node<K, V> other) {
            return new Node<>(key, value, priority, left, other);
        }
    }

    public static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return new PersistentMap<>(null, 0);
    }

    /** The map itself where it is one already. */
    public static <K extends Comparable<? super K>, V> PersistentMap<K, V> copyOf(Map<K, V> map) {
        if (map instanceof PersistentMap<K, V> same) {
            return same;
        }
        PersistentMap<K, V> copy = empty();
        for (Map.Entry<K, V> entry : map.entrySet()) {
            copy = copy.with(entry.getKey(), entry.getValue());
        }
        return copy;
    }

    public PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(insert(root, key, value), find(key) == null ? size + 1 : size);
    }

    public PersistentMap<K, V> without(K key) {
        return find(key) == null || root == null ? this : new PersistentMap<>(delete(root, key), size - 1);
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> insert(@Nullable Node<K, V> at, K key, V value) {
        if (at == null) {
            return new Node<>(key, value, key.hashCode() * SPREAD, null, null);
        }
        int order = key.compareTo(at.key);
        if (order == 0) {
            return new Node<>(at.key, value, at.priority, at.left, at.right);
        }
        if (order < 0) {
            Node<K, V> left = insert(at.left, key, value);
            return above(left, at) ? left.withRight(at.withLeft(left.right)) : at.withLeft(left);
        }
        Node<K, V> right = insert(at.right, key, value);
        return above(right, at) ? right.withLeft(at.withRight(right.left)) : at.withRight(right);
    }

    /** Equal priorities are ordered by key, so that the shape is one even then. */
    private static <K extends Comparable<? super K>> boolean above(Node<K, ?> one, Node<K, ?> other) {
        return one.priority != other.priority ? one.priority > other.priority : one.key.compareTo(other.key) < 0;
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> delete(@Nullable Node<K, V> at, K key) {
        if (at == null) {
            return null;
        }
        int order = key.compareTo(at.key);
        if (order == 0) {
            return merge(at.left, at.right);
        }
        return order < 0 ? at.withLeft(delete(at.left, key)) : at.withRight(delete(at.right, key));
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> merge(
            @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return above(left, right) ? left.withRight(merge(left.right, right)) : right.withLeft(merge(left, right.left));
    }

    private @Nullable Node<K, V> find(K key) {
        Node<K, V> at = root;
        while (at != null) {
            int order = key.compareTo(at.key);
            if (order == 0) {
                return at;
            }
            at = order < 0 ? at.left : at.right;
        }
        return null;
    }

    @Override
    @SuppressWarnings("unchecked") // as in TreeMap: a key of another class is a fault of the caller
    public @Nullable V get(@Nullable Object key) {
        Node<K, V> node = key == null ? null : find((K) key);
        return node == null ? null : node.value;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new InOrder<>(root);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** From the least key to the greatest. */
    private static final class InOrder<K, V> implements Iterator<Map.Entry<K, V>> {
        private final Deque<Node<K, V>> path = new ArrayDeque<>();

        InOrder(@Nullable Node<K, V> root) {
            descend(root);
        }

        private void descend(@Nullable Node<K, V> from) {
            for (Node<K, V> at = from; at != null; at = at.left) {
                path.push(at);
            }
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public Map.Entry<K, V> next() {
            if (path.isEmpty()) {
                throw new NoSuchElementException();
            }
            Node<K, V> node = path.pop();
            descend(node.right);
            return Map.entry(node.key, node.value);
        }
    }
}
