package io.athanor.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code job exec}: a command in one's own running job, with its input, output and exit code. */
@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        description = {
            "Executes a command in your running job, through the server: the machine needs no open port.",
            "It has the job's user, limits and isolation. Example: athanor job exec JOB -- sh -c 'ls /out'"
        })
final class JobExec implements Callable<Integer> {
    @Mixin
    private Session session = new Session();

    @Mixin
    private OneTask task = new OneTask();

    @Parameters(index = "1..*", paramLabel = "COMMAND", arity = "1..*", description = "The command and its arguments.")
    private List<String> command = new ArrayList<>();

    @Option(
            names = {"-i", "--stdin"},
            description = "Send the standard input to the command.")
    private boolean input;

    @Override
    public Integer call() throws IOException {
        JobStream stream = JobStream.execute(session.signedIn(), task.id(), command);
        Thread sender = Thread.ofVirtual().start(() -> send(stream));
        JobStream.End end = receive(stream);
        sender.interrupt();
        if (end.failure() != null) {
            throw new Failure(Failure.REFUSED, end.failure());
        }
        Integer code = end.exitCode();
        return code == null ? Failure.REFUSED : code;
    }

    /** Bytes, not text: the output may be piped on. */
    private static JobStream.End receive(JobStream stream) throws IOException {
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            return stream.receive(out);
        }
    }

    private void send(JobStream stream) {
        try {
            stream.send(input ? System.in : InputStream.nullInputStream());
        } catch (IOException | Failure ended) {
            session.say("the input was not taken to its end: " + ended.getMessage());
        }
    }
}
