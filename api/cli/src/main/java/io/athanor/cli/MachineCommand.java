package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.cli.Session.Accepted;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import java.io.IOException;
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
            Table table = new Table("MACHINE", "PROVIDER", "STANDING", "ONLINE", "GPUS", "BUSY", "PRICE/GPU-S", "NOTE");
            page.items()
                    .forEach(m -> table.row(
                            m.id(),
                            m.provider(),
                            m.standing(),
                            m.online(),
                            m.gpus(),
                            m.gpusReserved(),
                            display(m.price()),
                            m.note()));
            session.show(page, table);
            session.more(page);
            return 0;
        }

        private static @Nullable String display(@Nullable Ath price) {
            return price == null ? null : price.display();
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
