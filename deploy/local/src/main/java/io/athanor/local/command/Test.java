package io.athanor.local.command;

import io.athanor.local.SharedTestEngines;
import io.athanor.local.doctor.Examination;
import io.athanor.local.network.Progress;
import io.athanor.local.verify.Verification;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code athanor test}. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Runs every check and test, as CI does, with real engines that all modules share.")
public final class Test implements Callable<Integer> {

    @Parameters(paramLabel = "MAVEN-ARGUMENT", description = "Passed to Maven after '--', as in: test -- -pl sagas -am")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        Progress progress = new Progress(System.out);
        new Examination().require();
        try (SharedTestEngines engines = SharedTestEngines.start(progress)) {
            return new Verification(System.out).run(engines.environment(), arguments, progress);
        }
    }
}
