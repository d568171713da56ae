package io.athanor.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.Page;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code athanor checker …}. */
@Command(
        name = "checker",
        mixinStandardHelpOptions = true,
        description = "Checkers and how they do.",
        subcommands = CheckerCommand.ListCheckers.class)
final class CheckerCommand {
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Checkers with stake and record.")
    static final class ListCheckers implements Callable<Integer> {
        @Mixin
        private Session session = new Session();

        @Option(names = "--first", defaultValue = "20", description = "How many; default ${DEFAULT-VALUE}.")
        private int first = 20;

        @Option(names = "--after", description = "The cursor that the last page ended with.")
        private @Nullable String after;

        @Override
        public Integer call() throws IOException {
            String path = "/v1/checkers?first=" + first + (after == null ? "" : "&after=" + Text.encode(after));
            Page<CheckerView> page = session.server().get(path, new TypeReference<Page<CheckerView>>() {});
            Table table = new Table("CHECKER", "STANDING", "STAKE", "REGION", "CORRECT", "WRONG", "ENDPOINT");
            page.items()
                    .forEach(c -> table.row(
                            c.wallet(),
                            c.standing(),
                            c.stake().display(),
                            c.region(),
                            c.roundsCorrect(),
                            c.roundsWrong(),
                            c.endpoint()));
            session.show(page, table);
            session.more(page);
            return 0;
        }
    }
}
