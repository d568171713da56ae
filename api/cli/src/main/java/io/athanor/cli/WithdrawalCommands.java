package io.athanor.cli;

import io.athanor.cli.Session.Accepted;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.WithdrawalView;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor account withdraw} and {@code athanor account withdrawals}. */
final class WithdrawalCommands {
    private WithdrawalCommands() {}

    private record RelayClaims(boolean relayed) {}

    private record Withdrawal(Ath amount, Authorization authorization, long chainId) {}

    @Command(
            name = "withdraw",
            mixinStandardHelpOptions = true,
            description = "Asks for payout on chain with the next settlement day's root of withdrawals.")
    static final class Withdraw implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "AMOUNT", description = "Wei, or such as \"12.5 ATH\".")
        private String amount = "";

        @Override
        public Integer call() throws IOException {
            Ath asked = Amounts.parse(amount);
            Wallet wallet = session.wallet();
            Authorization signed = session.authorize(
                    (command, expiresAt) -> TypedCommands.requestWithdrawal(wallet, asked, command, expiresAt));
            Accepted accepted = session.server()
                    .post(
                            "/v1/accounts/" + wallet + "/withdrawals",
                            new Withdrawal(asked, signed, session.network().chainId()),
                            Accepted.class);
            session.show(accepted, new Table("WALLET", "AMOUNT").row(wallet, asked.display()));
            session.say("it is paid by the vault: see 'athanor account withdrawals'");
            return 0;
        }
    }

    @Command(
            name = "withdrawals",
            mixinStandardHelpOptions = true,
            description = "What was asked for and paid, and the claim that anybody may send to the vault.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "WALLET", arity = "0..1", description = "Default: the key's wallet.")
        private @Nullable String wallet;

        @Option(
                names = "--relay",
                negatable = true,
                description = "Has the network send the claims of the key's wallet and pay for them, or no longer.")
        private @Nullable Boolean relay;

        @Override
        public Integer call() throws IOException {
            Wallet asked = wallet == null ? session.wallet() : Wallet.parse(wallet);
            String path = "/v1/accounts/" + asked + "/withdrawals";
            WithdrawalView view = relay == null
                    ? session.server().get(path, WithdrawalView.class)
                    : session.signedIn().post(path + "/relay", new RelayClaims(relay), WithdrawalView.class);
            WithdrawalView.Claim claim = view.claim();
            session.show(
                    view,
                    new Table("WALLET", "REQUESTED", "PAID", "ROOT", "STATE", "ACTIVE AT", "SENT FOR IT")
                            .row(
                                    asked,
                                    view.requested().display(),
                                    view.paid().display(),
                                    claim == null ? "-" : claim.number(),
                                    claim == null ? "-" : claim.state(),
                                    claim == null || claim.activeAt() == null ? "-" : claim.activeAt(),
                                    view.relayed() ? "yes" : "no"));
            return 0;
        }
    }
}
