package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.view.DelegationView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.PoolView;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor stake …}: pools, delegations and what they earn. */
@Command(
        name = "stake",
        mixinStandardHelpOptions = true,
        description = "Stake pools: look, delegate, leave, claim.",
        subcommands = {StakeCommand.Pools.class, StakeCommand.Mine.class})
final class StakeCommand {
    @Command(name = "pools", mixinStandardHelpOptions = true, description = "All pools.")
    static final class Pools implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Override
        public Integer call() throws IOException {
            Page<PoolView> page = session.server().get("/v1/pools?first=100", new TypeReference<Page<PoolView>>() {});
            Table table = new Table("POOL", "SELF", "DELEGATED", "ROOM", "COMMISSION BPS", "ANNOUNCED", "WARNING");
            page.items()
                    .forEach(p -> table.row(
                            p.id(),
                            p.selfBond().display(),
                            p.delegated().display(),
                            p.room().display(),
                            p.commissionBps(),
                            p.announcedBps(),
                            warning(p)));
            session.show(page, table);
            return 0;
        }

        private static String warning(PoolView pool) {
            return pool.closed() ? "CLOSED" : pool.baitWarning() ? "COMMISSION RISES STEEPLY" : "-";
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "A wallet's stake in all pools.")
    static final class Mine implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Parameters(paramLabel = "WALLET", arity = "0..1", description = "Default: the key's wallet.")
        private @Nullable String wallet;

        @Override
        public Integer call() throws IOException {
            Wallet asked = wallet == null ? session.wallet() : Wallet.parse(wallet);
            Page<DelegationView> page = session.server()
                    .get(
                            "/v1/accounts/" + asked + "/delegations?first=100",
                            new TypeReference<Page<DelegationView>>() {});
            Table table = new Table("POOL", "STAKE", "REWARD", "UNBONDING", "LOCKED UNTIL DAY", "TODAY");
            page.items()
                    .forEach(d -> table.row(
                            d.pool(),
                            d.value().display(),
                            d.reward().display(),
                            d.unbonding(),
                            d.lockedUntilDay(),
                            d.day()));
            session.show(page, table);
            return 0;
        }
    }

    @Command(name = "delegate", description = "Stake from your account in a pool.")
    int delegate(
            @Parameters(paramLabel = "POOL") PoolId pool,
            @Parameters(paramLabel = "AMOUNT", description = "Wei, or such as '10.5 ATH'.") String amount,
            @Mixin Session call)
            throws IOException {
        Ath wei = Amounts.parse(amount);
        Authorization by = call.authorize((id, until) -> TypedEconomy.delegate(pool, call.wallet(), wei, id, until));
        return send(call, pool, "delegations", Map.of("pool", pool, "amount", wei, "authorization", by));
    }

    @Command(name = "unbond", description = "Begin to take stake out of a pool.")
    int unbond(
            @Parameters(paramLabel = "POOL") PoolId pool,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Mixin Session call)
            throws IOException {
        Ath wei = Amounts.parse(amount);
        Authorization by = call.authorize((id, until) -> TypedEconomy.unbond(pool, call.wallet(), wei, id, until));
        return send(call, pool, "unbondings", Map.of("pool", pool, "amount", wei, "authorization", by));
    }

    @Command(name = "redelegate", description = "Move a delegation to another pool of the same kind.")
    int redelegate(
            @Parameters(paramLabel = "POOL") PoolId pool,
            @Parameters(paramLabel = "TO") PoolId to,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Mixin Session call)
            throws IOException {
        Ath wei = Amounts.parse(amount);
        Authorization by =
                call.authorize((id, until) -> TypedEconomy.redelegate(pool, call.wallet(), to, wei, id, until));
        return send(call, pool, "redelegations", Map.of("pool", pool, "to", to, "amount", wei, "authorization", by));
    }

    @Command(name = "lock", description = "Lock stake until a settlement day; it weighs more in votes.")
    int lock(
            @Parameters(paramLabel = "POOL") PoolId pool,
            @Option(names = "--until-day", required = true) long untilDay,
            @Mixin Session call)
            throws IOException {
        Authorization by =
                call.authorize((id, until) -> TypedEconomy.lockStake(pool, call.wallet(), untilDay, id, until));
        return send(call, pool, "locks", Map.of("pool", pool, "untilDay", untilDay, "authorization", by));
    }

    @Command(name = "claim", description = "Take rewards out to your account.")
    int claim(
            @Parameters(paramLabel = "POOL") PoolId pool,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Mixin Session call)
            throws IOException {
        Ath wei = Amounts.parse(amount);
        Authorization by = call.authorize((id, until) -> TypedEconomy.claimReward(pool, call.wallet(), wei, id, until));
        return send(call, pool, "claims", Map.of("pool", pool, "amount", wei, "authorization", by));
    }

    @Command(name = "commission", description = "Announce your pool's commission, in basis points.")
    int commission(
            @Parameters(paramLabel = "POOL") PoolId pool, @Parameters(paramLabel = "BPS") int bps, @Mixin Session call)
            throws IOException {
        Authorization by = call.authorize((id, until) -> TypedEconomy.setCommission(pool, bps, id, until));
        return send(call, pool, "commission", Map.of("pool", pool, "bps", bps, "authorization", by));
    }

    private static int send(Session call, PoolId pool, String what, Map<String, Object> body) throws IOException {
        Session.Accepted accepted = call.server().post("/v1/pools/" + pool + "/" + what, body, Session.Accepted.class);
        call.show(
                accepted,
                new Table("COMMAND", "EVENTS", "INDEX").row(accepted.commandId(), accepted.events(), accepted.index()));
        return 0;
    }
}
