package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.domain.account.Basis;
import io.athanor.domain.account.Withheld;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RewardLineView;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor rewards}: what a wallet earned, term by term, and freeing what has vested. */
@Command(
        name = "rewards",
        mixinStandardHelpOptions = true,
        description = "A wallet's statement, term by term, and freeing what has vested.")
final class RewardsCommand {
    private record Freed(int events, String index) {}

    @Command(name = "statement", description = "Every term of what a wallet earned, newest first.")
    int statement(
            @Parameters(paramLabel = "WALLET", arity = "0..1", description = "Default: the key's wallet.") @Nullable String wallet,
            @Option(names = "--epoch", description = "Of this epoch alone.") @Nullable Long epoch,
            @Option(
                            names = "--terms",
                            description =
                                    "With what each term is a part of, in wei: floor(pool * weight / sum), at most the cap.")
                    boolean terms,
            @Option(names = "--after", description = "The next page's cursor.") @Nullable String after,
            @Mixin Session session)
            throws IOException {
        Wallet asked = wallet == null ? session.wallet() : Wallet.parse(wallet);
        String path = "/v1/accounts/" + asked + "/rewards?first=100" + (epoch == null ? "" : "&epoch=" + epoch)
                + (after == null ? "" : "&after=" + after);
        Page<RewardLineView> page = session.server().get(path, new TypeReference<Page<RewardLineView>>() {});
        Table table = terms ? terms(page) : amounts(page);
        session.show(page, table);
        if (page.next() != null) {
            session.say("older lines: --after " + page.next());
        }
        return 0;
    }

    private static Table amounts(Page<RewardLineView> page) {
        Table table = new Table("EPOCH", "TERM", "AMOUNT", "OF");
        page.items()
                .forEach(line ->
                        table.row(line.epoch(), line.kind(), line.amount().display(), source(line)));
        return table;
    }

    private static String source(RewardLineView line) {
        Basis basis = line.basis();
        Withheld withheld = basis == null ? null : basis.withheld();
        return withheld == null ? line.source() : line.source() + ": " + withheld.advice();
    }

    private static Table terms(Page<RewardLineView> page) {
        Table table = new Table(
                "EPOCH",
                "KIND",
                "SOURCE",
                "POOL",
                "WEIGHT",
                "SUM",
                "CAP",
                "WITHHELD",
                "TERM",
                "TO DELEGATORS",
                "CREDITED");
        for (RewardLineView line : page.items()) {
            Basis basis = line.basis();
            Ath cap = basis == null ? null : basis.cap();
            table.row(
                    line.epoch(),
                    line.kind(),
                    line.source(),
                    basis == null ? null : basis.pool().wei(),
                    basis == null ? null : basis.weight(),
                    basis == null ? null : basis.sum(),
                    cap == null ? null : cap.wei(),
                    basis == null ? null : basis.withheld(),
                    basis == null ? null : basis.amount().wei(),
                    line.toDelegators() == null ? null : line.toDelegators().wei(),
                    line.amount().wei());
        }
        return table;
    }

    @Command(name = "release", description = "Free what has vested by now.")
    int release(
            @Parameters(paramLabel = "WALLET", arity = "0..1", description = "Default: the key's wallet.") @Nullable String wallet,
            @Mixin Session session)
            throws IOException {
        Wallet asked = wallet == null ? session.wallet() : Wallet.parse(wallet);
        Freed freed = session.server().post("/v1/accounts/" + asked + "/rewards/release", Map.of(), Freed.class);
        session.show(freed, new Table("EVENTS", "INDEX").row(freed.events(), freed.index()));
        return 0;
    }
}
