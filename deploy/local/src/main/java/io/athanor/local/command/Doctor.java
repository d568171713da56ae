package io.athanor.local.command;

import io.athanor.local.doctor.Examination;
import io.athanor.local.network.Progress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code athanor doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Says what this machine lacks and how to install it. Exit status: 0 complete, 1 something missing.")
public final class Doctor implements Callable<Integer> {

    @Option(names = "--fix", description = "Installs what is missing; as root on Debian.")
    private boolean fix;

    @Override
    public Integer call() {
        Examination examination = new Examination();
        if (fix) {
            examination.fix(new Progress(System.out));
        }
        return examination.report(System.out) ? 0 : 1;
    }
}
