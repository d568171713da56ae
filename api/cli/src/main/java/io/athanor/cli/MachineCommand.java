package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.cli.Session.Accepted;
import io.athanor.codec.Json;
import io.athanor.domain.account.Basis;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.machine.Quality.Scored;
import io.athanor.domain.provider.Suspension;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProviderView;
import io.athanor.domain.view.RewardLineView;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor machine …}. */
@Command(
        name = "machine",
        mixinStandardHelpOptions = true,
        description = "Machines: let them join, name their price, see them.",
        subcommands = {
            MachineCommand.ListMachines.class,
            MachineCommand.EnrollToken.class,
            MachineCommand.ShowQuality.class,
            MachineCommand.Authorize.class,
            MachineCommand.Offer.class
        })
final class MachineCommand {
    private record OfferOrder(MachineId machine, Ath price, Authorization authorization, long chainId) {}

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Machines and their offers.")
    static final class ListMachines implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--mine", description = "Only those of the key's wallet.")
        private boolean mine;

        @Option(names = "--first", defaultValue = "20", description = "How many; default ${DEFAULT-VALUE}.")
        private int first = 20;

        @Option(names = "--after", description = "The cursor that the last page ended with.")
        private @Nullable String after;

        @Override
        public Integer call() throws IOException {
            String path = "/v1/machines?first=" + first
                    + (mine ? "&provider=" + session.wallet() : "")
                    + (after == null ? "" : "&after=" + Text.encode(after));
            Page<MachineView> page = session.server().get(path, new TypeReference<Page<MachineView>>() {});
            Table table = new Table(
                    "MACHINE", "PROVIDER", "STANDING", "ONLINE", "GPUS", "BUSY", "PRICE/GPU-S", "QUALITY", "NOTE");
            page.items()
                    .forEach(m -> table.row(
                            m.id(),
                            m.provider(),
                            m.standing(),
                            m.online(),
                            m.gpus(),
                            m.gpusReserved(),
                            display(m.price()),
                            quality(m),
                            m.note()));
            session.show(page, table);
            session.more(page);
            return 0;
        }

        /** Of the newest day that was told, null before the first. */
        private static @Nullable String quality(MachineView machine) {
            if (machine.quality().isEmpty()) {
                return null;
            }
            Scored newest = machine.quality().getLast();
            return Text.percent(newest.ppm()) + (newest.throttled() ? " THROTTLED" : "");
        }

        private static @Nullable String display(@Nullable Ath price) {
            return price == null ? null : price.display();
        }
    }

    @Command(
            name = "quality",
            mixinStandardHelpOptions = true,
            description = "How a machine did on its newest settlement days, and what keeps it from work.")
    static final class ShowQuality implements Callable<Integer> {
        private static final int LINES = 100;

        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "MACHINE", description = "Its id.")
        private String machine = "";

        private record Shown(
                MachineId machine,
                List<Scored> quality,
                @Nullable Suspension suspension,
                @Nullable Basis withheld) {}

        @Override
        public Integer call() throws IOException {
            MachineId id = MachineId.parse(machine);
            MachineView view = session.server().get("/v1/machines/" + id, MachineView.class);
            ProviderView provider = session.server().get("/v1/providers/" + view.provider(), ProviderView.class);
            Suspension suspension = provider.suspensions().stream()
                    .filter(s -> s.covers(id) && !s.over())
                    .reduce((earlier, later) -> later)
                    .orElse(null);
            Basis withheld = withheld(view);
            session.show(new Shown(id, view.quality(), suspension, withheld), table(view, suspension));
            if (withheld != null && withheld.withheld() != null) {
                session.say("no reward for its capacity: " + withheld.withheld().advice());
            }
            return 0;
        }

        /** The newest term of its capacity, where nothing was paid for it; null where it was, or there is none. */
        private @Nullable Basis withheld(MachineView view) throws IOException {
            String path = "/v1/accounts/" + view.provider() + "/rewards?first=" + LINES;
            Page<RewardLineView> newest = session.server().get(path, new TypeReference<Page<RewardLineView>>() {});
            return newest.items().stream()
                    .filter(line -> line.source().equals(view.id().toString()))
                    .findFirst()
                    .map(RewardLineView::basis)
                    .filter(basis -> basis.withheld() != null)
                    .orElse(null);
        }

        private static Table table(MachineView view, @Nullable Suspension suspension) {
            Table table =
                    new Table("DAY", "UPTIME", "COMPLETION", "LATENCY", "RESPONSE", "QUALITY", "OVER DAYS", "STANDING");
            view.quality()
                    .forEach(day -> table.row(
                            day.day(),
                            Text.percent(day.parts().uptime()),
                            Text.percent(day.parts().completion()),
                            Text.percent(day.parts().latency()),
                            Text.percent(day.parts().response()),
                            Text.percent(day.ofDay()),
                            Text.percent(day.ppm()),
                            day.throttled() ? "THROTTLED" : "GOOD"));
            if (suspension != null) {
                String how = suspension.until() == null ? "CUT OFF " : "SUSPENDED until " + suspension.until() + " ";
                table.row(null, null, null, null, null, null, null, how + suspension.because());
            }
            return table;
        }
    }

    @Command(
            name = "enroll-token",
            mixinStandardHelpOptions = true,
            description = "A one-time token for 'athanor-agent enroll'.")
    static final class EnrollToken implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Override
        public Integer call() throws IOException {
            JsonNode token = session.signedIn().post("/v1/machines/enrolment-tokens", Map.of(), JsonNode.class);
            session.show(
                    token,
                    new Table("TOKEN", "EXPIRES")
                            .row(
                                    token.path("token").asText(),
                                    token.path("expiresAt").asText()));
            return 0;
        }
    }

    @Command(
            name = "authorize",
            mixinStandardHelpOptions = true,
            description = "Signs the authorisation that 'athanor-agent enroll --authorization' takes; always JSON.")
    static final class Authorize implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--machine", required = true, description = "As 'athanor-agent identity' prints it.")
        private String machine = "";

        @Option(names = "--agent-key", required = true, description = "As 'athanor-agent identity' prints it.")
        private String agentKey = "";

        @Override
        public Integer call() throws IOException {
            MachineId id = MachineId.parse(machine);
            Authorization signed = session.authorize((command, expiresAt) ->
                    TypedCommands.authorizeAgent(session.wallet(), agentKey, id, command, expiresAt));
            session.out().println(Json.text(signed));
            return 0;
        }
    }

    @Command(name = "offer", mixinStandardHelpOptions = true, description = "Names a machine's price.")
    static final class Offer implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "MACHINE", description = "As 'machine list' prints it.")
        private String machine = "";

        @Option(names = "--price", required = true, description = "Per GPU-second: wei, or '0.001 ATH'.")
        private String price = "";

        @Override
        public Integer call() throws IOException {
            MachineId id = MachineId.parse(machine);
            Ath wei = Amounts.parse(price);
            Authorization signed =
                    session.authorize((command, expiresAt) -> TypedCommands.listOffer(id, wei, command, expiresAt));
            OfferOrder body = new OfferOrder(id, wei, signed, session.network().chainId());
            Accepted accepted = session.server().post("/v1/machines/" + id + "/offer", body, Accepted.class);
            session.show(accepted, new Table("MACHINE", "PRICE/GPU-S").row(id, wei.display()));
            return 0;
        }
    }
}
