package io.athanor.cli;

import io.athanor.domain.common.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code job forward}: a port of one's own running job on this computer's loopback. */
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        description = {
            "Brings a TCP port of your running job to this computer, through the server; only a job with a network",
            "has ports. Goes on until it is interrupted."
        })
final class JobForward implements Callable<Integer> {
    private static final int WAITING = 16;

    @Mixin
    private Session session = new Session();

    @Mixin
    private OneTask task = new OneTask();

    @Parameters(index = "1", paramLabel = "PORT", description = "The port in the job.")
    private int port;

    @Option(names = "--local", defaultValue = "0", description = "The port on 127.0.0.1; default: one that is free.")
    private int local;

    @Option(names = "--connections", defaultValue = "0", description = "End after so many; default: never.")
    private int connections;

    @Override
    public Integer call() throws IOException {
        Server server = session.signedIn();
        TaskId named = task.id();
        try (ServerSocket door = new ServerSocket(local, WAITING, InetAddress.getLoopbackAddress())) {
            session.out().println("127.0.0.1:" + door.getLocalPort());
            session.out().flush();
            for (int i = 0; connections == 0 || i < connections; i++) {
                Socket client = door.accept();
                if (connections > 0 && i == connections - 1) {
                    relay(server, named, client);
                } else {
                    Thread.ofVirtual().start(() -> relay(server, named, client));
                }
            }
        }
        return 0;
    }

    private void relay(Server server, TaskId named, Socket client) {
        try (client) {
            JobStream stream = JobStream.connect(server, named, port);
            Thread.ofVirtual().start(() -> send(stream, client));
            JobStream.End end = stream.receive(client.getOutputStream());
            if (end.failure() != null) {
                session.say(end.failure());
            }
        } catch (IOException | Failure broken) {
            session.say("a connection broke: " + broken.getMessage());
        }
    }

    private void send(JobStream stream, Socket client) {
        try {
            stream.send(client.getInputStream());
        } catch (IOException | Failure ended) {
            session.say("a connection's input ended: " + ended.getMessage());
        }
    }
}
