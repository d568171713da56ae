package io.athanor.agent.cli;

import io.athanor.agent.Doctor;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: what is missing on this machine, and what to do about it. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Checks engine, GPUs, disk, keys and server.")
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private AgentOptions options = new AgentOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Doctor.Finding> findings = Doctor.examine(options.settings());
        PrintWriter out = spec.commandLine().getOut();
        findings.forEach(finding -> out.println((finding.well() ? "ok    " : "WRONG ") + finding.text()));
        out.flush();
        return findings.stream().allMatch(Doctor.Finding::well)
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }
}
