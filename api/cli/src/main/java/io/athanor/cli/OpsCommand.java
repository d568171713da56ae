package io.athanor.cli;

import io.athanor.domain.port.ParkedInstances.Parked;
import io.athanor.domain.port.ViewOperations.Letter;
import io.athanor.domain.port.ViewOperations.Rebuild;
import io.athanor.domain.port.ViewOperations.Retried;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor ops …}: what a node's operators see and do; the key must be one of the node's operators. */
@Command(
        name = "ops",
        mixinStandardHelpOptions = true,
        description = {
            "What an operator sees and does; the key's wallet must be one of the node's ATHANOR_OPERATORS.",
            "A local network's operator key is operator.key of its data folder."
        },
        subcommands = {
            OpsCommand.Overview.class,
            OpsCommand.DeadLetters.class,
            OpsCommand.RetryLetters.class,
            OpsCommand.DropLetter.class,
            OpsCommand.ParkedWork.class,
            OpsCommand.RetryParked.class,
            OpsCommand.RebuildViews.class,
            OpsChain.class
        })
final class OpsCommand {
    private static final long POLL_MILLIS = 500;

    @Command(name = "overview", mixinStandardHelpOptions = true, description = "What needs a hand, at one look.")
    static final class Overview implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        private record View(long head, long viewsAsOf, int deadLetters, int parked, Rebuild rebuild) {}

        @Override
        public Integer call() throws IOException {
            View view = session.signedIn().get("/v1/ops/overview", View.class);
            Table table = new Table("HEAD", "VIEWS AS OF", "DEAD LETTERS", "PARKED", "REBUILD")
                    .row(
                            view.head(),
                            view.viewsAsOf(),
                            view.deadLetters(),
                            view.parked(),
                            view.rebuild().state());
            session.show(view, table);
            return 0;
        }
    }

    @Command(
            name = "dead-letters",
            mixinStandardHelpOptions = true,
            description = "Events that the views could not take, oldest first.")
    static final class DeadLetters implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--first", defaultValue = "20", description = "How many; default ${DEFAULT-VALUE}.")
        private int first = 20;

        private record Letters(List<Letter> items) {}

        @Override
        public Integer call() throws IOException {
            Letters letters = session.signedIn().get("/v1/ops/dead-letters?first=" + first, Letters.class);
            Table table = new Table("PROJECTION", "INDEX", "STREAM", "EVENT", "ATTEMPTS", "PARKED", "CAUSE");
            letters.items()
                    .forEach(l -> table.row(
                            l.projection(),
                            l.index(),
                            l.stream(),
                            l.event(),
                            l.attempts(),
                            l.parkedAt(),
                            l.cause().lines().findFirst().orElse("")));
            session.show(letters, table);
            return 0;
        }
    }

    @Command(
            name = "retry-letters",
            mixinStandardHelpOptions = true,
            description =
                    "Folds a stream's dead letters again, in order, up to the first that fails. Exit 1 if one does.")
    static final class RetryLetters implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(index = "0", paramLabel = "PROJECTION", description = "As 'ops dead-letters' prints it.")
        private String projection = "";

        @Parameters(index = "1", paramLabel = "STREAM", description = "As 'ops dead-letters' prints it.")
        private String stream = "";

        @Override
        public Integer call() throws IOException {
            Retried retried = session.signedIn()
                    .post(
                            "/v1/ops/dead-letters/retry",
                            Map.of("projection", projection, "stream", stream),
                            Retried.class);
            session.show(retried, new Table("FOLDED", "LEFT").row(retried.folded(), retried.left()));
            return retried.left() == 0 ? 0 : Failure.REFUSED;
        }
    }

    @Command(
            name = "drop-letter",
            mixinStandardHelpOptions = true,
            description = "Gives one dead letter up; the view stays without that event until a rebuild.")
    static final class DropLetter implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(index = "0", paramLabel = "PROJECTION", description = "As 'ops dead-letters' prints it.")
        private String projection = "";

        @Parameters(index = "1", paramLabel = "INDEX", description = "As 'ops dead-letters' prints it.")
        private long index;

        @Option(names = "--reason", required = true, description = "Kept, with the operator's wallet.")
        private String reason = "";

        @Override
        public Integer call() throws IOException {
            Map<String, Object> body = Map.of("projection", projection, "index", index, "reason", reason);
            session.signedIn().post("/v1/ops/dead-letters/drop", body);
            session.show(body, new Table("PROJECTION", "INDEX", "REASON").row(projection, index, reason));
            return 0;
        }
    }

    @Command(
            name = "parked",
            mixinStandardHelpOptions = true,
            description = "Instances of processes that failed too often and wait.")
    static final class ParkedWork implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        private record ParkedList(List<Parked> items) {}

        @Override
        public Integer call() throws IOException {
            ParkedList parked = session.signedIn().get("/v1/ops/parked", ParkedList.class);
            Table table = new Table("INSTANCE", "FAILURES", "SINCE", "ERROR");
            parked.items().forEach(p -> table.row(p.instance(), p.failures(), p.since(), p.error()));
            session.show(parked, table);
            return 0;
        }
    }

    @Command(
            name = "retry-parked",
            mixinStandardHelpOptions = true,
            description = "Lets a parked instance try again, within a second or two.")
    static final class RetryParked implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "INSTANCE", description = "As 'ops parked' prints it.")
        private String instance = "";

        @Override
        public Integer call() throws IOException {
            Map<String, Object> body = Map.of("instance", instance);
            session.signedIn().post("/v1/ops/parked/retry", body);
            session.show(body, new Table("TRIES AGAIN").row(instance));
            return 0;
        }
    }

    @Command(
            name = "rebuild-views",
            mixinStandardHelpOptions = true,
            description = {
                "Folds all views anew from the first event, and shows how far it is.",
                "Until it is done the views of this network know less than they did; nothing else stops."
            })
    static final class RebuildViews implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--status", description = "Only say how the newest rebuild stands.")
        private boolean status;

        @Override
        public Integer call() throws IOException {
            Server server = session.signedIn();
            String path = "/v1/ops/views/rebuild";
            Rebuild now = status ? server.get(path, Rebuild.class) : server.post(path, Map.of(), Rebuild.class);
            while (!status && now.state().equals("RUNNING")) {
                Session.pause(POLL_MILLIS);
                now = server.get(path, Rebuild.class);
                session.say("event " + now.index() + " of " + now.head());
            }
            Table table = new Table("STATE", "EVENTS", "INDEX", "HEAD", "FAILURE")
                    .row(now.state(), now.events(), now.index(), now.head(), now.failure());
            session.show(now, table);
            return now.state().equals("FAILED") ? Failure.REFUSED : 0;
        }
    }
}
