package io.athanor.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.agent.cli.AgentOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every call of the agent in the provider's guide is one that the agent understands, and every setting is one it has. */
class ProviderGuideTest {
    private static final Path GUIDE = Path.of("../docs/provider-guide.md");
    private static final Path SETTINGS = Path.of("package/agent.env");
    private static final Pattern CALL = Pattern.compile("(?:^|`)athanor-agent ([^`\\n]+)", Pattern.MULTILINE);
    private static final Pattern VARIABLE = Pattern.compile("\\bATHANOR_[A-Z_]+\\b");

    @Test
    void everyCallParses() throws Exception {
        List<String> calls = CALL.matcher(Files.readString(GUIDE))
                .results()
                .map(call -> call.group(1).strip())
                .distinct()
                .toList();
        assertThat(calls).hasSizeGreaterThan(6);
        for (String call : calls) {
            assertThat(Main.commandLine().parseArgs(call.split(" ")).hasSubcommand())
                    .as(call)
                    .isTrue();
        }
    }

    @Test
    void everySettingIsAnOptionsVariable() throws Exception {
        String options = Stream.of(AgentOptions.class.getDeclaredFields())
                .map(field -> field.getAnnotation(CommandLine.Option.class))
                .filter(Objects::nonNull)
                .map(CommandLine.Option::defaultValue)
                .reduce("", String::concat);
        List<String> named = Stream.of(GUIDE, SETTINGS)
                .flatMap(file -> VARIABLE.matcher(read(file)).results().map(MatchResult::group))
                .distinct()
                .toList();
        assertThat(named)
                .hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(options).contains("env:" + name));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
