package io.athanor.cli;

import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code job outputs}: lists what the tasks left, or fetches it; a file whose digest differs is not kept. */
@Command(
        name = "outputs",
        mixinStandardHelpOptions = true,
        description = "Lists or fetches output files; each is checked against the digest in its task's receipt.")
final class JobOutputs implements Callable<Integer> {
    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "JOB", description = "As 'job submit' and 'job list' print it.")
    private String id = "";

    @Option(
            names = {"-d", "--download", "--to"},
            paramLabel = "FOLDER",
            description = "Fetch all files into FOLDER/<task>/.")
    private @Nullable Path folder;

    private record OutputFile(TaskId task, String path, Sha256 sha256, long bytes, boolean stored) {}

    private record Outputs(List<OutputFile> items) {}

    @Override
    public Integer call() throws IOException {
        JobId job = JobId.parse(id);
        Server server = session.signedIn();
        Outputs outputs = server.get("/v1/jobs/" + job + "/outputs", Outputs.class);
        Table table = new Table("TASK", "PATH", "BYTES", "SHA256", "STORED");
        outputs.items().forEach(f -> table.row(f.task(), f.path(), f.bytes(), f.sha256(), f.stored()));
        session.show(outputs, table);
        return folder == null ? 0 : fetchAll(server, job, outputs, folder);
    }

    private int fetchAll(Server server, JobId job, Outputs outputs, Path into) throws IOException {
        int missing = 0;
        for (OutputFile file : outputs.items()) {
            if (file.stored()) {
                fetch(server, job, file, into);
            } else {
                missing++;
                session.say("task " + file.task() + " named " + file.path() + ", but the network does not have it");
            }
        }
        session.say(
                (outputs.items().size() - missing) + " of " + outputs.items().size() + " files are in " + into);
        return missing == 0 ? 0 : Failure.REFUSED;
    }

    private void fetch(Server server, JobId job, OutputFile file, Path into) throws IOException {
        Path base = into.resolve(Integer.toString(file.task().index()))
                .toAbsolutePath()
                .normalize();
        Path target = base.resolve(file.path()).normalize();
        if (!target.startsWith(base)) {
            throw new Failure(Failure.REFUSED, "the output path " + file.path() + " leaves its folder");
        }
        Files.createDirectories(target.getParent());
        Path temporary = Files.createTempFile(target.getParent(), ".part", null);
        String path = "/v1/jobs/" + job + "/outputs/" + file.task().index() + "/" + Text.encodePath(file.path());
        try (InputStream content = server.stream(path)) {
            Files.copy(content, temporary, StandardCopyOption.REPLACE_EXISTING);
            if (!FileDigest.of(temporary).equals(file.sha256())) {
                throw new Failure(Failure.REFUSED, file.path() + " came with another digest than its receipt names");
            }
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
            session.say("fetched " + target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
