package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.cli.Session.Accepted;
import io.athanor.codec.Json;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.CanaryPlan.Plant;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.JobView;
import io.athanor.domain.view.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor canary …}. */
@Command(
        name = "canary",
        mixinStandardHelpOptions = true,
        description = "Mystery-shopper jobs: look at opened plans; as the shopper, plan and run an epoch's.",
        subcommands = {CanaryCommand.ListPlans.class, CanaryCommand.Plan.class, CanaryCommand.Run.class})
final class CanaryCommand {
    private static final long POLL_MILLIS = 500;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Plans, newest epoch first.")
    static final class ListPlans implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--first", defaultValue = "20")
        private int first = 20;

        @Option(names = "--after")
        private @Nullable String after;

        @Override
        public Integer call() throws IOException {
            String path = "/v1/canaries?first=" + first + (after == null ? "" : "&after=" + Text.encode(after));
            Page<CanaryView> page = session.server().get(path, new TypeReference<Page<CanaryView>>() {});
            Table table = new Table("EPOCH", "PLAN", "JOBS", "PAID BACK");
            page.items()
                    .forEach(c -> table.row(
                            c.epoch(),
                            c.openedAt() == null ? "fixed " + c.committedAt() : "opened " + c.openedAt(),
                            c.orders().size(),
                            c.paid().display()));
            session.show(page, table);
            return 0;
        }
    }

    /** What both of the shopper's commands are given. */
    static final class Given {
        @Parameters(
                paramLabel = "TEMPLATES",
                description = "JSON: [{\"job\": FILE, \"fails\": false, \"outputs\": {…}}]")
        private Path templates = Path.of("canaries.json");

        @Option(
                names = "--secret",
                required = true,
                description = "File as 'account new' makes it; what plans are made of.")
        private Path secret = Path.of("");

        @Option(names = "--image", description = "In place of the templates'.")
        private @Nullable String image;

        @Option(names = "--epoch", required = true, description = "At least two after the newest.")
        private long epoch;

        CanaryPlanner planner() throws IOException {
            return CanaryPlanner.of(templates, secret, image);
        }
    }

    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description = "Prints the wallets of an epoch's plan, and what each needs in its account before.")
    static final class Plan implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Mixin
        private Given given = new Given();

        @Override
        public Integer call() throws IOException {
            CanaryPlan plan = given.planner().plan(given.epoch);
            Table table = new Table("WALLET", "DEPOSIT", "JOB");
            plan.plants()
                    .forEach(p -> table.row(
                            p.client(), p.spec().cap().display(), p.spec().name()));
            session.show(plan, table);
            return 0;
        }
    }

    private record CommitBody(long epoch, Sha256 commitment, Authorization authorization, long chainId) {}

    private record OpenBody(CanaryPlan plan, List<Ordered> orders, Authorization authorization, long chainId) {}

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = {
                "Fixes an epoch's plan, orders its jobs at their moments, waits until they are settled, and opens it.",
                "Run again after an interruption, it goes on."
            })
    static final class Run implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Mixin
        private Given given = new Given();

        @Override
        public Integer call() throws IOException {
            CanaryPlanner planner = given.planner();
            CanaryPlan plan = planner.plan(given.epoch);
            commit(plan);
            EpochView epoch = opened(given.epoch);
            List<Ordered> orders = new ArrayList<>();
            for (int i : plan.inOrder(epoch.startsAt(), epoch.endsAt(), epoch.blockHash())) {
                orders.add(order(planner, plan, i, epoch));
            }
            for (Ordered order : orders) {
                if (order.task() != null) {
                    awaitSettled(order.task().job());
                }
            }
            open(plan, orders);
            return 0;
        }

        private void commit(CanaryPlan plan) throws IOException {
            Sha256 digest = Json.digest(plan);
            Optional<CanaryView> known = session.server().find("/v1/canaries/" + plan.epoch(), CanaryView.class);
            if (known.isEmpty()) {
                Authorization by = session.authorize(
                        (id, until) -> TypedEconomy.commitCanaries(session.wallet(), plan.epoch(), digest, id, until));
                CommitBody body = new CommitBody(
                        plan.epoch(), digest, by, session.network().chainId());
                session.server().post("/v1/canaries", body, Accepted.class);
                session.say("the plan of epoch " + plan.epoch() + " is fixed: " + digest);
            } else if (!known.get().commitment().equals(digest)) {
                throw new Failure(Failure.REFUSED, "another plan of epoch " + plan.epoch() + " is fixed");
            }
        }

        private EpochView opened(long epoch) throws IOException {
            Optional<EpochView> found = session.server().find("/v1/epochs/" + epoch, EpochView.class);
            while (found.isEmpty()) {
                Session.pause(POLL_MILLIS);
                found = session.server().find("/v1/epochs/" + epoch, EpochView.class);
            }
            return found.get();
        }

        /** Never ordered where it was refused, as for want of a deposit. */
        private Ordered order(CanaryPlanner planner, CanaryPlan plan, int number, EpochView epoch) throws IOException {
            Instant at = plan.orderAt(number, epoch.startsAt(), epoch.endsAt(), epoch.blockHash());
            while (Instant.now().isBefore(at)) {
                Session.pause(Math.max(1, at.toEpochMilli() - System.currentTimeMillis()));
            }
            Secp256k1.KeyPair key = planner.key(plan.epoch(), number);
            JobId job = planner.job(plan.epoch(), number, at);
            Ordered ordered = new Ordered(number, new TaskId(job, 0));
            if (session.server().find("/v1/jobs/" + job, JobView.class).isPresent()) {
                return ordered;
            }
            try {
                session.server().post("/v1/jobs", signed(key, job, plan.plants().get(number)), Accepted.class);
                return ordered;
            } catch (Failure refused) {
                session.say("plant " + number + ": " + refused.getMessage());
                return Ordered.never(number, String.valueOf(refused.getMessage()));
            }
        }

        private JobSubmit.Order signed(Secp256k1.KeyPair key, JobId job, Plant plant) throws IOException {
            JobSpec spec = plant.spec();
            Wallet client = plant.client();
            Authorization by = session.authorize(
                    key,
                    (id, until) -> TypedCommands.submitJob(
                            job, client, Json.digest(spec), spec.tasks(), spec.maxPrice(), spec.cap(), id, until));
            return new JobSubmit.Order(job, spec, by, session.network().chainId());
        }

        private void awaitSettled(JobId job) throws IOException {
            Optional<JobView> seen = session.server().find("/v1/jobs/" + job, JobView.class);
            while (seen.filter(view -> view.state().equals("SETTLED")).isEmpty()) {
                Session.pause(POLL_MILLIS);
                seen = session.server().find("/v1/jobs/" + job, JobView.class);
            }
        }

        private void open(CanaryPlan plan, List<Ordered> orders) throws IOException {
            Authorization by = session.authorize((id, until) ->
                    TypedEconomy.openCanaries(session.wallet(), Json.digest(plan), Json.digest(orders), id, until));
            OpenBody body = new OpenBody(plan, orders, by, session.network().chainId());
            Accepted accepted = session.server().post("/v1/canaries/openings", body, Accepted.class);
            // The plan, its payment, and a case for each who failed.
            session.show(
                    accepted, new Table("EPOCH", "JOBS", "EVENTS").row(plan.epoch(), orders.size(), accepted.events()));
        }
    }
}
