package io.athanor.cli;

import io.athanor.audit.Replay;
import io.athanor.domain.account.Basis;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.RewardTerm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code athanor audit rewards}: each term of an epoch's emission with the pool, the weight and the sum behind it. */
@Command(
        name = "rewards",
        mixinStandardHelpOptions = true,
        description = "Computes an epoch's emission again from an export, and shows what each term is a part of:"
                + " floor(pool * weight / sum), at most the cap. Exit 1 where the history does not match.")
final class AuditRewards implements Callable<Integer> {
    @Mixin
    private Session session = new Session();

    @Parameters(paramLabel = "FILE", description = "As 'audit export' wrote it.")
    private Path file = Path.of("export.jsonl");

    @Option(names = "--epoch", required = true, paramLabel = "EPOCH", description = "A closed epoch.")
    private long epoch;

    @Option(names = "--wallet", paramLabel = "WALLET", description = "This account's terms alone.")
    private @Nullable String wallet;

    @Override
    public Integer call() throws IOException {
        Wallet only = wallet == null ? null : Wallet.parse(wallet);
        Replay replay = new Replay().explaining(epoch);
        try (InputStream in = Files.newInputStream(file)) {
            AuditCommand.replay(replay, session, in, line -> {});
        }
        List<RewardTerm> terms = replay.terms().stream()
                .filter(term -> only == null || term.wallet().equals(only))
                .toList();
        session.show(terms, table(terms));
        if (terms.isEmpty()) {
            session.say("nothing was emitted in epoch " + epoch + ", or it is not closed in this history");
        }
        Replay.Result result = replay.result();
        if (!result.matches()) {
            session.say("MISMATCH: " + result.problemCount() + " differences, see 'audit replay'");
        }
        return result.matches() ? 0 : Failure.REFUSED;
    }

    private static Table table(List<RewardTerm> terms) {
        Table table = new Table(
                "WALLET",
                "KIND",
                "SOURCE",
                "POOL",
                "WEIGHT",
                "SUM",
                "CAP",
                "PROBATION",
                "WITHHELD",
                "TERM",
                "TO DELEGATORS",
                "CREDITED");
        for (RewardTerm term : terms) {
            Basis basis = term.basis();
            table.row(
                    term.wallet(),
                    term.kind(),
                    term.source(),
                    basis.pool().wei(),
                    basis.weight(),
                    basis.sum(),
                    basis.cap() == null ? null : basis.cap().wei(),
                    basis.ppm() == null ? null : Text.percent(basis.ppm()),
                    basis.withheld(),
                    term.amount().wei(),
                    term.toDelegators().wei(),
                    term.kept().wei());
        }
        return table;
    }
}
