package io.athanor.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.view.AccountView;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code athanor account}: balances, and how to fund the account; below it what a wallet has beside them. */
@Command(
        name = "account",
        mixinStandardHelpOptions = true,
        description =
                "Balances, and how to fund the account; 'account new' makes a wallet's key, 'account withdraw' pays"
                        + " out.",
        subcommands = {AccountCommand.New.class, WithdrawalCommands.Withdraw.class, WithdrawalCommands.Show.class})
final class AccountCommand implements Callable<Integer> {
    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "WALLET", arity = "0..1", description = "Default: the key's wallet.")
    private @Nullable String wallet;

    private record AccountPage(AccountView account, JsonNode deposit) {}

    private record NewWallet(Wallet wallet, Path keyFile) {}

    @Override
    public Integer call() throws IOException {
        Wallet asked = wallet == null ? session.wallet() : Wallet.parse(wallet);
        AccountPage page = session.server().get("/v1/accounts/" + asked, AccountPage.class);
        AccountView account = page.account();
        Table table = new Table("WALLET", "AVAILABLE", "HELD", "VESTING", "EARNED", "SPENT", "WITHDRAWN")
                .row(
                        asked,
                        account.available().display(),
                        account.held().display(),
                        account.vesting().display(),
                        account.earned().display(),
                        account.spent().display(),
                        account.withdrawn().display());
        session.show(page, table);
        JsonNode deposit = page.deposit();
        session.say("to fund it: on chain " + deposit.path("chainId").asText() + " approve the amount to the vault "
                + deposit.path("vault").asText() + " and call its "
                + deposit.path("function").asText() + " with account " + asked);
        return 0;
    }

    @Command(name = "new", mixinStandardHelpOptions = true, description = "Makes a new wallet's key.")
    static final class New implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "FILE", description = "Where the key is put, mode 0600; never replaced.")
        private Path file = Path.of("wallet.key");

        @Override
        public Integer call() throws IOException {
            Secp256k1.KeyPair key = Secp256k1.generate(new SecureRandom());
            try {
                KeyFiles.write(file, key.privateKey());
            } catch (FileAlreadyExistsException e) {
                throw new Failure(Failure.USAGE, file + " exists and is not replaced\n  Name another file.");
            }
            Wallet wallet = Wallet.parse(key.address());
            session.show(new NewWallet(wallet, file), new Table("WALLET", "KEY FILE").row(wallet, file));
            session.say("whoever has this file has the wallet; use it with --key-file or ATHANOR_KEY_FILE");
            return 0;
        }
    }
}
