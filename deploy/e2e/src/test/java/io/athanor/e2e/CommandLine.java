package io.athanor.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.cli.Main;
import io.athanor.codec.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line as a user runs it: a process of its own, with a server and a key from the environment. */
final class CommandLine {
    private static final long MINUTES = 5;

    private final URI server;
    private final Path keyFile;
    private final Path scratch;

    CommandLine(URI server, Path keyFile, Path scratch) {
        this.server = server;
        this.keyFile = keyFile;
        this.scratch = scratch;
    }

    /** What a call printed. */
    record Call(int exit, String out, String err) {
        JsonNode json() {
            if (out.isBlank()) {
                throw new AssertionError("exit " + exit + ": " + err);
            }
            return Json.read(out, JsonNode.class);
        }
    }

    Call run(String... arguments) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> line = new ArrayList<>(List.of(
                java.toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(List.of(arguments));
        Path out = Files.createTempFile(scratch, "cli", ".out");
        Path err = Files.createTempFile(scratch, "cli", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("ATHANOR_SERVER", server.toString());
        builder.environment().put("ATHANOR_KEY_FILE", keyFile.toString());
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroy();
            throw new AssertionError("the command line did not end: " + Files.readString(err));
        }
        return new Call(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
