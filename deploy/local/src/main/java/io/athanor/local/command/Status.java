package io.athanor.local.command;

import io.athanor.local.network.NetworkLayout;
import io.athanor.local.network.Supervisor;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code athanor status}; exit status 0 where the network is up, 3 where it is not, as service scripts have it. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Lists the live processes of a network. Exit status: 0 up, 3 not up.")
public final class Status implements Callable<Integer> {

    private static final int NOT_UP = 3;

    @Mixin
    private NetworkOptions options = new NetworkOptions();

    @Override
    public Integer call() {
        NetworkLayout layout = options.layout();
        List<ManagedProcess> live = new ProcessRegistry(layout.data()).allLive();
        boolean up = Supervisor.isReady(layout.data());
        System.out.println(layout.data() + ": " + (up ? "up" : "not up"));
        for (ManagedProcess process : live) {
            System.out.printf(
                    "  %-12s pid %-8d %s%n",
                    process.name(), process.identity().pid(), process.port() == 0 ? "" : "127.0.0.1:" + process.port());
        }
        return up ? 0 : NOT_UP;
    }
}
