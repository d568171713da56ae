package io.athanor.domain.common;

/**
 * One attempt at a task on one machine. The fence only rises for a task, so late work under a lower fence is
 * refused. Text: {@code <job>.<index>.<fence>}.
 *
 * <p>Invariant: {@code fence >= 1}.
 */
public record LeaseId(TaskId task, int fence) implements TextValue, Comparable<LeaseId> {
    public LeaseId {
        if (fence < 1) {
            throw new IllegalArgumentException("fence starts at 1: " + fence);
        }
    }

    public static LeaseId parse(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("a lease is <job>.<index>.<fence>: " + text);
        }
        return new LeaseId(TaskId.parse(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    @Override
    public int compareTo(LeaseId other) {
        int byTask = task.compareTo(other.task);
        return byTask != 0 ? byTask : Integer.compare(fence, other.fence);
    }

    @Override
    public String toString() {
        return task + "." + fence;
    }
}
