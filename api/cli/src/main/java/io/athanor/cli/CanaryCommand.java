package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.cli.Session.Accepted;
import io.athanor.codec.Json;
import io.athanor.domain.canary.CanaryPlan;
import io.athanor.domain.canary.CanaryPlan.Ordered;
import io.athanor.domain.canary.Rerun;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.EpochView;
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
            Table table =
                    new Table("EPOCH", "PLAN", "JOBS", "RUN AGAIN", "NOT DELIVERED", "NOT REPRODUCIBLE", "PAID BACK");
            page.items()
                    .forEach(c -> table.row(
                            c.epoch(),
                            c.openedAt() == null ? "fixed " + c.committedAt() : "opened " + c.openedAt(),
                            c.orders().size(),
                            size(c.reruns()),
                            size(c.undelivered()),
                            size(c.irreproducible()),
                            c.paid().display()));
            session.show(page, table);
            return 0;
        }
    }

    private static int size(@Nullable List<?> list) {
        return list == null ? 0 : list.size();
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
            List<Wallet> spares = plan.spares() == null ? List.of() : plan.spares();
            spares.forEach(wallet -> table.row(wallet, "the cap of what is drawn", "a re-run, where one is due"));
            session.show(plan, table);
            return 0;
        }
    }

    private record CommitBody(long epoch, Sha256 commitment, Authorization authorization, long chainId) {}

    private record OpenBody(
            CanaryPlan plan,
            List<Ordered> orders,
            @Nullable List<Rerun> reruns,
            Authorization authorization,
            long chainId) {}

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = {
                "Fixes an epoch's plan, orders its jobs at their moments, orders once more what is drawn of the epoch's"
                        + " deliveries, waits until all are settled, and opens it.",
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
            CanaryOrders shop = new CanaryOrders(session);
            commit(plan);
            EpochView epoch = shop.opened(given.epoch);
            List<Ordered> orders = new ArrayList<>();
            for (int i : plan.inOrder(epoch.startsAt(), epoch.endsAt(), epoch.blockHash())) {
                orders.add(order(shop, planner, plan, i, epoch));
            }
            List<Rerun> reruns = new CanaryReruns(session, shop, planner, plan).order(epoch);
            for (Ordered order : orders) {
                if (order.task() != null) {
                    shop.settled(order.task().job());
                }
            }
            open(plan, orders, reruns);
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

        /** Never ordered where it was refused, as for want of a deposit. */
        private Ordered order(CanaryOrders shop, CanaryPlanner planner, CanaryPlan plan, int number, EpochView epoch)
                throws IOException {
            Instant at = plan.orderAt(number, epoch.startsAt(), epoch.endsAt(), epoch.blockHash());
            while (Instant.now().isBefore(at)) {
                Session.pause(Math.max(1, at.toEpochMilli() - System.currentTimeMillis()));
            }
            try {
                JobId job = shop.order(
                        planner.key(plan.epoch(), number),
                        planner.job(plan.epoch(), number, at),
                        plan.plants().get(number).spec());
                return new Ordered(number, new TaskId(job, 0));
            } catch (Failure refused) {
                session.say("plant " + number + ": " + refused.getMessage());
                return Ordered.never(number, String.valueOf(refused.getMessage()));
            }
        }

        private void open(CanaryPlan plan, List<Ordered> orders, @Nullable List<Rerun> reruns) throws IOException {
            Authorization by = session.authorize((id, until) -> TypedEconomy.openCanaries(
                    session.wallet(), Json.digest(plan), Json.digest(Rerun.Told.of(orders, reruns)), id, until));
            OpenBody body =
                    new OpenBody(plan, orders, reruns, by, session.network().chainId());
            Accepted accepted = session.server().post("/v1/canaries/openings", body, Accepted.class);
            // The plan, its payment, and a case for each who failed.
            session.show(
                    accepted,
                    new Table("EPOCH", "JOBS", "RUN AGAIN", "EVENTS")
                            .row(plan.epoch(), orders.size(), reruns == null ? 0 : reruns.size(), accepted.events()));
        }
    }
}
