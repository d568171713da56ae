package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.cli.Main;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Whoever reads the launcher's help or the first page finds every command. */
class HelpTest {
    private static final Set<String> OF_SHELLS = Set.of("generate-completion");

    private static Set<String> commands(CommandLine line) {
        Set<String> names = new TreeSet<>(line.getSubcommands().keySet());
        names.removeAll(OF_SHELLS);
        return names;
    }

    private static Set<String> missing(String text, Set<String> names) {
        Set<String> missing = new TreeSet<>(names);
        missing.removeIf(name -> text.matches("(?s).*\\b" + name + "\\b.*"));
        return missing;
    }

    private final CommandLine launcher = new CommandLine(io.athanor.local.Main.class);
    private final Set<String> clients = commands(new CommandLine(Main.class));

    @Test
    void theLaunchersHelpNamesEveryCommand() {
        String help = launcher.getUsageMessage();
        assertThat(clients).hasSizeGreaterThan(10);
        assertThat(missing(help, clients)).isEmpty();
        assertThat(missing(help, Set.of("nosuchcommand"))).isNotEmpty();
    }

    @Test
    void theFirstPageNamesEveryCommand() {
        String page = Repository.text(Repository.ROOT.resolve("README.md"));
        Set<String> all = commands(launcher);
        all.addAll(clients);
        assertThat(missing(page, all)).isEmpty();
    }
}
