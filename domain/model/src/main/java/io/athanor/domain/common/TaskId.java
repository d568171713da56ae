package io.athanor.domain.common;

/**
 * One task of a job, and the id of its stream; a plain job has the one task 0. Text: {@code <job>.<index>}.
 *
 * <p>Invariant: {@code 0 <= index < Limits.ARRAY_TASKS}.
 */
public record TaskId(JobId job, int index) implements TextValue, Comparable<TaskId> {
    public TaskId {
        if (index < 0 || index >= Limits.ARRAY_TASKS) {
            throw new IllegalArgumentException("task index out of range: " + index);
        }
    }

    public static TaskId parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("a task is <job>.<index>: " + text);
        }
        return new TaskId(JobId.parse(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    public LeaseId lease(int fence) {
        return new LeaseId(this, fence);
    }

    @Override
    public int compareTo(TaskId other) {
        int byJob = job.compareTo(other.job);
        return byJob != 0 ? byJob : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return job + "." + index;
    }
}
