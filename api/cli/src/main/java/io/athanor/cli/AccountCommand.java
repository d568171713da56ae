package io.athanor.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.view.AccountView;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code athanor account}: balances, and how to fund the account. */
@Command(name = "account", mixinStandardHelpOptions = true, description = "Balances, and how to fund the account.")
final class AccountCommand implements Callable<Integer> {
    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "WALLET", arity = "0..1", description = "Default: the key's wallet.")
    private @Nullable String wallet;

    private record AccountPage(AccountView account, JsonNode deposit) {}

    @Override
    public Integer call() throws IOException {
        Wallet asked = wallet == null ? session.wallet() : Wallet.parse(wallet);
        AccountPage page = session.server().get("/v1/accounts/" + asked, AccountPage.class);
        AccountView account = page.account();
        Table table = new Table("WALLET", "AVAILABLE", "HELD", "EARNED", "SPENT", "WITHDRAWN")
                .row(
                        asked,
                        account.available().display(),
                        account.held().display(),
                        account.earned().display(),
                        account.spent().display(),
                        account.withdrawn().display());
        session.show(page, table);
        session.say("to fund it: " + Json.text(page.deposit()));
        return 0;
    }
}
