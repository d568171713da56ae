package io.athanor.local.command;

import io.athanor.local.network.NetworkLayout;
import io.athanor.local.network.Progress;
import io.athanor.local.network.Services;
import io.athanor.local.network.Supervisor;
import io.athanor.local.process.ProcessRegistry;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code athanor down}. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops the network of a data folder, also what a killed launcher left; the data stays.")
public final class Down implements Callable<Integer> {

    @Mixin
    private NetworkOptions options = new NetworkOptions();

    @Override
    public Integer call() {
        NetworkLayout layout = options.layout();
        Progress progress = new Progress(System.out);
        new ProcessRegistry(layout.data()).stop(Supervisor.NAME);
        Supervisor.stopWhatIsLeft(Services.network(layout, System.getenv(), progress), progress);
        progress.say("down");
        return 0;
    }
}
