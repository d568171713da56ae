package io.athanor.api.rest;

import io.athanor.api.auth.Caller;
import io.athanor.api.command.AuthorizeSessionKey;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.RequestWithdrawal;
import io.athanor.api.command.RevokeSessionKey;
import io.athanor.api.command.SignedCommand;
import io.athanor.api.web.Network;
import io.athanor.api.web.Reads;
import io.athanor.domain.account.AccountCommand.ReleaseEarnings;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.ledger.LedgerAccount;
import io.athanor.domain.port.Commands.Order;
import io.athanor.domain.port.Commands.Outcome;
import io.athanor.domain.port.Payouts;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.query.Queries.FindAccount;
import io.athanor.domain.query.Queries.ListLedger;
import io.athanor.domain.query.Queries.ListRewards;
import io.athanor.domain.query.Queries.ListSessionKeys;
import io.athanor.domain.view.AccountView;
import io.athanor.domain.view.LedgerLine;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RewardLineView;
import io.athanor.domain.view.SessionKeyView;
import io.athanor.domain.view.WithdrawalView;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A wallet's balances, how to fund it, its session keys and withdrawals. */
@RestController
@RequestMapping("/v1/accounts/{wallet}")
class AccountsController {
    /** The vault's function that credits an account; the hint a client fills in. */
    private static final String DEPOSIT = "deposit(address account, uint256 amount)";

    private final CommandDesk desk;
    private final Reads reads;
    private final Network network;
    private final Payouts payouts;
    private final InstantSource clock;

    AccountsController(CommandDesk desk, Reads reads, Network network, Payouts payouts, InstantSource clock) {
        this.desk = desk;
        this.reads = reads;
        this.network = network;
        this.payouts = payouts;
        this.clock = clock;
    }

    /**
     * How ATH comes in.
     *
     * @param vault the contract to approve the amount to and to call
     * @param function its signature; {@code account} is this wallet
     */
    record DepositHint(long chainId, Wallet vault, String function, Wallet account) {}

    /** @param account zero balances where nothing was ever deposited */
    record AccountPage(AccountView account, DepositHint deposit) {}

    @GetMapping
    AccountPage get(@PathVariable Wallet wallet) {
        NetworkBegun known = network.identity();
        AccountView account = reads.find(new FindAccount(wallet), AccountView.class)
                .orElseGet(() -> new AccountView(
                        wallet, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, Ath.ZERO, 0));
        return new AccountPage(account, new DepositHint(known.chainId(), known.vault(), DEPOSIT, wallet));
    }

    @GetMapping("/ledger")
    Page<LedgerLine> ledger(
            @PathVariable Wallet wallet, @RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(
                new ListLedger(LedgerAccount.available(wallet).toString(), after, Reads.rows(first)), LedgerLine.class);
    }

    /** The wallet's statement: every term of what it earned, newest first. */
    @GetMapping("/rewards")
    Page<RewardLineView> rewards(
            @PathVariable Wallet wallet,
            @RequestParam @Nullable Long epoch,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable Integer first) {
        return reads.page(new ListRewards(wallet, epoch, after, Reads.rows(first)), RewardLineView.class);
    }

    /** @param events how many it made, 0 where nothing was due */
    record Freed(int events, long index) {}

    /** Frees what has vested by now. Anybody may ask: it can only ever become the wallet's. */
    @PostMapping("/rewards/release")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Freed release(@PathVariable Wallet wallet) {
        Instant now = clock.instant();
        Command release = new ReleaseEarnings(wallet, network.day(now), now);
        Outcome outcome = desk.send(new Order(List.of(release), null, "api:rewards", null));
        return new Freed(outcome.events(), outcome.index());
    }

    /** The wallet's session keys, with what each may sign, may spend and has spent; revoked and expired ones as well. */
    @GetMapping("/session-keys")
    Page<SessionKeyView> sessionKeys(
            @PathVariable Wallet wallet, @RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListSessionKeys(wallet, after, Reads.rows(first)), SessionKeyView.class);
    }

    @PostMapping("/session-keys")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted authorise(@PathVariable Wallet wallet, @RequestBody AuthorizeSessionKey body) {
        return accept(wallet, body);
    }

    @PostMapping("/session-keys/revoke")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted revoke(@PathVariable Wallet wallet, @RequestBody RevokeSessionKey body) {
        return accept(wallet, body);
    }

    /** What the wallet asked the vault for, what it was paid, and how it claims the rest. */
    @GetMapping("/withdrawals")
    WithdrawalView withdrawals(@PathVariable Wallet wallet) {
        return payouts.of(wallet);
    }

    @PostMapping("/withdrawals")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted withdraw(@PathVariable Wallet wallet, @RequestBody RequestWithdrawal body) {
        return accept(wallet, body);
    }

    /** @param relayed whether this network sends the wallet's claims */
    record RelayClaims(boolean relayed) {}

    /** Has the network send the wallet's claims and pay for them, or leaves them to the wallet again. */
    @PostMapping("/withdrawals/relay")
    WithdrawalView relay(@PathVariable Wallet wallet, @RequestBody RelayClaims body) {
        Caller.owning(wallet);
        payouts.relay(wallet, body.relayed());
        return payouts.of(wallet);
    }

    private Accepted accept(Wallet wallet, SignedCommand body) {
        Refused.unless(
                wallet.equals(body.authorization().wallet()),
                Reason.MALFORMED,
                "authorization.wallet is not the path's wallet");
        return desk.accept(body);
    }
}
