package io.athanor.e2e;

import com.sun.source.tree.Tree;
import io.athanor.e2e.MessageSources.MessageField;
import io.athanor.e2e.MessageSources.MessageType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes {@code docs/messages.md} from the sources of the message types. Uses the JDK alone, so that it runs from source
 * by {@link #COMMAND}.
 */
final class MessagesDoc {
    static final String COMMAND = "java deploy/e2e/src/test/java/io/athanor/e2e/MessagesDoc.java";
    static final Path FILE = Repository.ROOT.resolve("docs/messages.md");

    private static final Path MODEL = Repository.ROOT.resolve("domain/model/src/main/java");
    private static final Path CATALOGUE =
            Repository.ROOT.resolve("domain/codec/src/main/java/io/athanor/codec/EventCatalogue.java");
    private static final Pattern ENTRY = Pattern.compile("add\\(\"([^\"]+)\", (\\w+\\.\\w+)\\.class, (\\d+)\\)");
    private static final Pattern WORD = Pattern.compile("[A-Z]\\w*");

    private final List<MessageType> types = MessageSources.read(Repository.files(MODEL, ".java"));
    private final Map<String, String> stored = new HashMap<>();
    private final Map<String, MessageType> values = new TreeMap<>();
    private final StringBuilder out = new StringBuilder();

    private MessagesDoc() {
        Matcher entry = ENTRY.matcher(Repository.text(CATALOGUE));
        while (entry.find()) {
            stored.put(entry.group(2), entry.group(1) + "` revision " + entry.group(3));
        }
    }

    public static void main(String[] arguments) throws IOException {
        Files.writeString(FILE, text());
    }

    static String text() {
        MessagesDoc doc = new MessagesDoc();
        doc.head();
        doc.families("Commands", "Command", MessageType::simpleName);
        doc.families("Events", "Event", MessageType::simpleName);
        doc.group("Queries", t -> in(t, "query/Queries.java"));
        doc.group("Views", t -> t.file().toString().contains("/domain/view/"));
        doc.group("Agent protocol", t -> in(t, "wire/AgentProtocol.java"));
        doc.group("Checker protocol", t -> in(t, "wire/CheckerProtocol.java"));
        doc.values();
        return doc.out.toString();
    }

    private static boolean in(MessageType type, String file) {
        return type.file().endsWith(Path.of(file));
    }

    private void head() {
        out.append("# Messages\n\n")
                .append("Generated from the sources of [`domain/model`](../domain/model); a test fails when it is")
                .append(" stale. Write it anew with a JDK 25:\n\n```\n")
                .append(COMMAND)
                .append("\n```\n\n")
                .append("In JSON a record is an object with these fields, an amount is a string of wei, an instant is")
                .append(" ISO-8601 in UTC with milliseconds, and what is null is left out. A `?` marks what may be")
                .append(" null.\n");
    }

    /** Every sealed family under Command or Event, one table each. */
    private void families(String title, String root, Function<MessageType, String> order) {
        out.append("\n## ").append(title).append('\n');
        types.stream()
                .filter(t -> t.sealed() && t.parents().contains(root))
                .sorted(Comparator.comparing(order))
                .forEach(family -> {
                    String inside = family.name() + ".";
                    out.append("\n### ").append(family.name()).append("\n\n");
                    out.append(family.doc()).append("\n\n");
                    table(t -> t.isRecord()
                            && t.name().startsWith(inside)
                            && !t.parents().isEmpty());
                });
    }

    private void group(String title, Predicate<MessageType> members) {
        out.append("\n## ").append(title).append("\n\n");
        types.stream()
                .filter(t -> members.test(t) && t.kind() == Tree.Kind.CLASS)
                .forEach(t -> out.append(t.doc()).append("\n\n"));
        table(t -> members.test(t) && t.isRecord());
    }

    private void table(Predicate<MessageType> members) {
        out.append("| message | fields | meaning |\n|---|---|---|\n");
        types.stream().filter(members).forEach(this::row);
    }

    private void row(MessageType type) {
        String name = stored.containsKey(type.name())
                ? "`" + type.simpleName() + "`<br>stored as `" + stored.get(type.name())
                : "`" + label(type) + "`";
        String fields = type.fields().stream().map(MessagesDoc::field).collect(Collectors.joining("<br>"));
        out.append("| ").append(name).append(" | ").append(fields).append(" | ");
        out.append(type.doc()).append(type.doc().isEmpty() ? "|\n" : " |\n");
        type.fields().forEach(f -> remember(f.type()));
    }

    /** Without the file's own name in front. */
    private static String label(MessageType type) {
        String around = type.file().getFileName().toString().replace(".java", ".");
        return type.name().startsWith(around) ? type.name().substring(around.length()) : type.name();
    }

    private static String field(MessageField field) {
        String doc = field.doc().isEmpty() ? "" : " (" + field.doc() + ")";
        return "`" + field.name() + "` `" + field.type() + (field.nullable() ? "?" : "") + "`" + doc;
    }

    /** The types of the model that a field's type names, and theirs. */
    private void remember(String written) {
        Deque<String> open = new ArrayDeque<>(List.of(written));
        while (!open.isEmpty()) {
            Matcher word = WORD.matcher(open.pop());
            while (word.find()) {
                types.stream()
                        .filter(t -> t.simpleName().equals(word.group()) && isValue(t))
                        .filter(t -> values.put(t.name(), t) == null)
                        .forEach(t -> expand(t, open));
            }
        }
    }

    private static boolean isValue(MessageType type) {
        boolean message = type.parents().stream().anyMatch(p -> p.matches("(\\w+(Command|Event)|Create)"));
        boolean shape = type.isRecord() || type.kind() == Tree.Kind.ENUM || type.sealed();
        return shape && !message && !type.file().toString().matches(".*/(wire|view|query|port)/.*");
    }

    private void expand(MessageType type, Deque<String> open) {
        if (type.sealed()) {
            types.stream()
                    .filter(t -> t.name().startsWith(type.name() + ".") && t.isRecord())
                    .forEach(t -> open.push(t.simpleName()));
        }
        if (!type.isText()) {
            type.fields().forEach(f -> open.push(f.type()));
        }
    }

    private void values() {
        out.append("\n## Values in messages\n\n| value | fields | meaning |\n|---|---|---|\n");
        values.values()
                .forEach(type -> out.append("| `")
                        .append(type.name())
                        .append("` | ")
                        .append(shape(type))
                        .append(" | ")
                        .append(type.doc())
                        .append(type.doc().isEmpty() ? "|\n" : " |\n"));
    }

    private String shape(MessageType type) {
        if (type.isText()) {
            return "a string";
        }
        if (type.kind() == Tree.Kind.ENUM) {
            return "one of " + type.constants().stream().map(c -> "`" + c + "`").collect(Collectors.joining(", "));
        }
        if (type.isRecord()) {
            return type.fields().stream().map(MessagesDoc::field).collect(Collectors.joining("<br>"));
        }
        return "by its `type`: "
                + types.stream()
                        .filter(t -> t.name().startsWith(type.name() + ".") && t.isRecord())
                        .map(t -> "`" + t.simpleName() + "`")
                        .collect(Collectors.joining(", "));
    }
}
