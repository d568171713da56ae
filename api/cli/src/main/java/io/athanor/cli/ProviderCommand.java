package io.athanor.cli;

import io.athanor.cli.Session.Accepted;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.signing.TypedCommands;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code athanor provider …}. */
@Command(
        name = "provider",
        mixinStandardHelpOptions = true,
        description = "Rent out machines.",
        subcommands = ProviderCommand.Register.class)
final class ProviderCommand {
    private record Registration(String name, String ownerGroup, Authorization authorization, long chainId) {}

    @Command(name = "register", mixinStandardHelpOptions = true, description = "Registers the key's wallet.")
    static final class Register implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--name", required = true, description = "As clients see it.")
        private String name = "";

        @Option(names = "--owner-group", description = "Who controls it; default the name.")
        private @Nullable String ownerGroup;

        @Override
        public Integer call() throws IOException {
            String group = ownerGroup == null ? name : ownerGroup;
            Authorization signed = session.authorize((command, expiresAt) ->
                    TypedCommands.registerProvider(session.wallet(), name, group, command, expiresAt));
            Registration body =
                    new Registration(name, group, signed, session.network().chainId());
            Accepted accepted = session.server().post("/v1/providers", body, Accepted.class);
            session.show(accepted, new Table("PROVIDER", "NAME").row(session.wallet(), name));
            return 0;
        }
    }
}
