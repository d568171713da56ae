package io.athanor.local.process;

import java.nio.file.Path;

/** A live or ended child process with its record; all that is done to it goes by its identity. */
public final class ManagedProcess {

    private final RunRecord record;
    private final Path recordFile;
    private final Path log;

    ManagedProcess(RunRecord record, Path recordFile, Path log) {
        this.record = record;
        this.recordFile = recordFile;
        this.log = log;
    }

    /** Its name in the data folder. */
    public String name() {
        return record.name();
    }

    /** Its port, 0 where it has none. */
    public int port() {
        return record.port();
    }

    /** Which process it is. */
    public ProcessIdentity identity() {
        return record.identity();
    }

    /** Where it writes. */
    public Path log() {
        return log;
    }

    /** Whether it lives. */
    public boolean isAlive() {
        return identity().isAlive();
    }

    /** Asks it to end, kills it at its limit, and forgets it. */
    public void stop() {
        identity().end(record.stopSignal(), record.stopLimit());
        Trees.delete(recordFile);
    }

    /** Kills it at once and leaves its record, as a crash would. */
    public void kill() {
        identity().signal(ProcessSignal.KILL);
        identity().awaitExit(record.stopLimit());
    }

    /** The end of its log, for a message that has to explain why it did not come up. */
    public String logTail() {
        return Logs.tail(log);
    }
}
