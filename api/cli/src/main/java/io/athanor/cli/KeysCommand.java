package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.cli.Session.Accepted;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.SessionKeyView;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor keys …}: keys that may sign for a wallet, within limits. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Session keys: others that may sign for a wallet, within limits.",
        subcommands = {KeysCommand.Show.class, KeysCommand.Authorise.class, KeysCommand.Revoke.class})
final class KeysCommand {
    private record Grant(SessionKey key, Authorization authorization, long chainId) {}

    private record End(Wallet key, Authorization authorization, long chainId) {}

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "A wallet's session keys: what each may sign, may spend in all, and has spent.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "WALLET", arity = "0..1", description = "Default: the key's wallet.")
        private @Nullable String wallet;

        @Option(names = "--first", defaultValue = "20", description = "How many; default ${DEFAULT-VALUE}.")
        private int first = 20;

        @Option(names = "--after", description = "The cursor that the last page ended with.")
        private @Nullable String after;

        @Override
        public Integer call() throws IOException {
            Wallet asked = wallet == null ? session.wallet() : Wallet.parse(wallet);
            String path = "/v1/accounts/" + asked + "/session-keys?first=" + first
                    + (after == null ? "" : "&after=" + Text.encode(after));
            Page<SessionKeyView> page = session.server().get(path, new TypeReference<Page<SessionKeyView>>() {});
            Table table = new Table("KEY", "STATE", "MAY SIGN", "LIMIT", "SPENT", "EXPIRES");
            Instant now = Instant.now();
            page.items()
                    .forEach(key -> table.row(
                            key.key(),
                            state(key, now),
                            String.join(",", names(key.scopes())),
                            key.spendLimit().display(),
                            key.spent().display(),
                            key.expiresAt()));
            session.show(page, table);
            session.more(page);
            return 0;
        }

        private static String state(SessionKeyView key, Instant now) {
            return key.revokedAt() != null ? "REVOKED" : now.isBefore(key.expiresAt()) ? "IN FORCE" : "EXPIRED";
        }

        private static List<String> names(Set<SessionKey.Scope> scopes) {
            return scopes.stream().map(Enum::name).sorted().toList();
        }
    }

    @Command(
            name = "authorise",
            mixinStandardHelpOptions = true,
            description = "Lets another key sign for the wallet; the same key again replaces its limits.")
    static final class Authorise implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "KEY", description = "The other key's address, as 'account new' prints it.")
        private String key = "";

        @Option(
                names = "--limit",
                required = true,
                description = "The most it may hold for jobs in all, such as '10 ATH' or wei.")
        private String limit = "";

        @Option(names = "--days", defaultValue = "7", description = "For so long; default ${DEFAULT-VALUE}.")
        private long days = 7;

        @Option(
                names = "--scope",
                split = ",",
                defaultValue = "SUBMIT_JOB,CANCEL_JOB",
                description = "What it may sign: ${COMPLETION-CANDIDATES}; default both.")
        private Set<SessionKey.Scope> scopes = Set.of();

        @Override
        public Integer call() throws IOException {
            Ath most = Amounts.parse(limit);
            Instant until = Instant.now().plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.MILLIS);
            SessionKey granted = new SessionKey(Wallet.parse(key), most, scopes, until);
            Wallet wallet = session.wallet();
            Authorization signed = session.authorize(
                    (command, expiresAt) -> TypedCommands.authorizeSessionKey(wallet, granted, command, expiresAt));
            Grant grant = new Grant(granted, signed, session.network().chainId());
            Accepted accepted =
                    session.server().post("/v1/accounts/" + wallet + "/session-keys", grant, Accepted.class);
            session.show(accepted, new Table("KEY", "LIMIT", "EXPIRES").row(granted.key(), most.display(), until));
            return 0;
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Ends a session key: what it signs is refused from then on. Jobs that it ordered go on.")
    static final class Revoke implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "KEY", description = "As 'keys list' prints it.")
        private String key = "";

        @Override
        public Integer call() throws IOException {
            Wallet ended = Wallet.parse(key);
            Wallet wallet = session.wallet();
            Authorization signed = session.authorize(
                    (command, expiresAt) -> TypedCommands.revokeSessionKey(wallet, ended, command, expiresAt));
            End end = new End(ended, signed, session.network().chainId());
            Accepted accepted =
                    session.server().post("/v1/accounts/" + wallet + "/session-keys/revoke", end, Accepted.class);
            session.show(accepted, new Table("KEY", "EVENTS").row(ended, accepted.events()));
            session.say(
                    accepted.events() == 0
                            ? "the wallet has no such key in force; nothing changed"
                            : "from now on nothing that it signs is accepted");
            return 0;
        }
    }
}
