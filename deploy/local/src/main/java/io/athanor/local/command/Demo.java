package io.athanor.local.command;

import io.athanor.codec.Json;
import io.athanor.local.demo.Story;
import io.athanor.local.demo.Summary;
import io.athanor.local.doctor.Examination;
import io.athanor.local.network.Network;
import io.athanor.local.network.NetworkLayout;
import io.athanor.local.network.Progress;
import io.athanor.local.network.Services;
import io.athanor.local.network.Supervisor;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code athanor demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a network, runs the sample job in containers to its final settlement on the chain,",
            "checks the end by contract and by replay, and stops the network."
        })
public final class Demo implements Callable<Integer> {

    @Mixin
    private NetworkOptions options = new NetworkOptions();

    @Option(names = "--json", description = "Prints one JSON object at the end; the story goes to standard error.")
    private boolean json;

    @Override
    public Integer call() {
        Progress progress = new Progress(json ? System.err : System.out);
        if (Examination.canInstall()) {
            new Examination().fix(progress);
        }
        NetworkLayout layout = options.layout();
        Network network = Services.network(layout, System.getenv(), progress);
        try (Supervisor supervisor = new Supervisor(network, progress)) {
            Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close, "network-stop"));
            supervisor.start();
            Thread.ofPlatform().daemon().name("supervisor").start(supervisor::watch);
            Summary summary = new Story(network, progress, layout.data().resolve("demo")).tell();
            if (json) {
                System.out.println(Json.text(summary));
            }
            progress.say(summary.good() ? "The job is settled, final and proven." : "Something is NOT as it must be.");
            return summary.good() ? 0 : 1;
        }
    }
}
