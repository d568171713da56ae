package io.athanor.agent.nvml;

import org.jspecify.annotations.Nullable;

/**
 * Something went wrong on a GPU. A fault of the application is the client's, every other one takes the GPU out of offers.
 *
 * @param uuid the GPU, or null when the driver could no longer say which
 * @param xid NVIDIA's error number, or null when the GPU vanished without one
 * @param blame whose fault it is
 */
public record GpuFault(@Nullable String uuid, @Nullable Long xid, Blame blame) {

    /** Whose fault a GPU error is. */
    public enum Blame {
        APPLICATION,
        HARDWARE
    }

    /**
     * The XIDs that a program can cause on a healthy card: 13 graphics engine exception, 31 memory page fault, 43 GPU
     * stopped processing, 45 preemptive clean-up, 68 video processor exception, 109 context switch time-out. Source:
     * NVIDIA's "XID Errors" catalogue.
     */
    public static Blame blameOfXid(long xid) {
        return xid == 13 || xid == 31 || xid == 43 || xid == 45 || xid == 68 || xid == 109
                ? Blame.APPLICATION
                : Blame.HARDWARE;
    }
}
