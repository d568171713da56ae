package io.athanor.saga.routing;

/**
 * One process instance: what has at most one order under way, backs off alone, and is parked alone.
 *
 * @param id unique within the kind; its text is what a parked row shows
 */
public record Instance(Kind kind, Object id) {
    /** What an instance is about. */
    public enum Kind {
        TASK,
        MACHINE,
        ROUND,
        /** One epoch's rounds and books. */
        EPOCH,
        /** Inspections that are opened in one epoch: they share its shard numbers. */
        INSPECTIONS,
        CHECKER,
        /** One stake pool: what leaves it when it matures. */
        POOL,
        /** One proposal, to its execution and the last part of its grant. */
        PROPOSAL,
        CASE,
        /** The one queue of tasks that wait for a machine. */
        PLACEMENT
    }

    /** The queue of tasks that wait for a machine. */
    public static final Instance PLACEMENT = new Instance(Kind.PLACEMENT, "queue");

    public static Instance task(Object id) {
        return new Instance(Kind.TASK, id);
    }

    public static Instance machine(Object id) {
        return new Instance(Kind.MACHINE, id);
    }

    public static Instance round(Object id) {
        return new Instance(Kind.ROUND, id);
    }

    public static Instance epoch(long epoch) {
        return new Instance(Kind.EPOCH, epoch);
    }

    public static Instance inspections(long epoch) {
        return new Instance(Kind.INSPECTIONS, epoch);
    }

    public static Instance checker(Object id) {
        return new Instance(Kind.CHECKER, id);
    }

    public static Instance proposal(Object id) {
        return new Instance(Kind.PROPOSAL, id);
    }

    public static Instance pool(Object id) {
        return new Instance(Kind.POOL, id);
    }

    public static Instance penaltyCase(Object id) {
        return new Instance(Kind.CASE, id);
    }

    /** {@code task/<id>}, {@code epoch/12}: the key of a parked row. */
    public String text() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + "/" + id;
    }
}
