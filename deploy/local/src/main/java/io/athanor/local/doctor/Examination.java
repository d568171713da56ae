package io.athanor.local.doctor;

import io.athanor.local.engine.NodeJs;
import io.athanor.local.network.Progress;
import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import io.athanor.local.process.Trees;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks for every requirement, says what is missing with the command that installs it, and installs it under root. */
public final class Examination {

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(10);
    private static final Path SERVICE_POLICY = Path.of("/usr/sbin/policy-rc.d");

    private final List<Requirement> requirements;

    /** Of all that Athanor needs. */
    public Examination() {
        this(Requirements.all());
    }

    Examination(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    /** Prints a line for each requirement; whether all were found. */
    public boolean report(PrintStream out) {
        boolean complete = true;
        for (Requirement requirement : requirements) {
            String found = requirement.found().get().orElse("");
            complete &= !found.isEmpty();
            out.printf(
                    "%-8s %-16s %s%n",
                    found.isEmpty() ? "MISSING" : "found",
                    requirement.name(),
                    found.isEmpty()
                            ? requirement.purpose() + "; install it with: " + requirement.installCommand()
                            : found);
        }
        return complete;
    }

    private List<Requirement> missing() {
        return requirements.stream()
                .filter(requirement -> requirement.found().get().isEmpty())
                .toList();
    }

    /** Fails with the install commands where something is missing. */
    public void require() {
        List<Requirement> missing = missing();
        if (!missing.isEmpty()) {
            throw new EngineFailure(
                    "Missing: "
                            + String.join(
                                    ", ",
                                    missing.stream().map(Requirement::name).toList()) + ".",
                    "Install with './athanor doctor --fix' as root, or: apt-get install "
                            + String.join(" ", packages(missing)));
        }
    }

    /** Installs what is missing, after saying so; needs root and Debian's package tool. */
    public void fix(Progress progress) {
        List<Requirement> missing = missing();
        if (missing.isEmpty()) {
            return;
        }
        if (!canInstall()) {
            require();
        }
        List<String> packages = new ArrayList<>(packages(missing));
        packages.remove("temurin-25-jdk");
        progress.say("installing with apt-get: " + String.join(" ", packages));
        withoutStartingServices(() -> install(packages));
        if (NodeJs.version().isEmpty()) {
            progress.say("Debian's Node.js is older than " + NodeJs.OLDEST + "; installing npm's own build");
            NodeJs.install();
        }
        require();
    }

    /** Whether this user and system let packages be installed. */
    public static boolean canInstall() {
        return "root".equals(System.getProperty("user.name"))
                && Commands.find("apt-get").isPresent();
    }

    private static List<String> packages(List<Requirement> missing) {
        return missing.stream()
                .flatMap(requirement -> requirement.packages().stream())
                .distinct()
                .toList();
    }

    private static void install(List<String> packages) {
        apt(List.of("update"));
        List<String> command = new ArrayList<>(List.of("install", "-y", "--no-install-recommends"));
        command.addAll(packages);
        apt(command);
    }

    private static void apt(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"));
        command.addAll(arguments);
        Commands.Result result = Commands.run(command, Path.of("/"), INSTALL_LIMIT);
        if (!result.ok()) {
            throw new EngineFailure(
                    "apt-get " + String.join(" ", arguments) + " failed: "
                            + result.output().strip(),
                    "Install the packages by hand.");
        }
    }

    /** Debian starts a service with its package; here the launcher starts what it needs, and stops it. */
    private static void withoutStartingServices(Runnable work) {
        boolean ours = !Files.exists(SERVICE_POLICY);
        try {
            if (ours) {
                Trees.writePrivately(SERVICE_POLICY, "#!/bin/sh\nexit 101\n");
                Commands.require(List.of("chmod", "755", SERVICE_POLICY.toString()), "Check /usr/sbin.");
            }
            work.run();
        } finally {
            if (ours) {
                Trees.delete(SERVICE_POLICY);
            }
        }
    }
}
