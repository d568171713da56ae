package io.athanor.e2e;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The types of {@code domain/model} as their sources say them, comments included, which class files do not keep. */
final class MessageSources {
    private static final Pattern BLOCK_TAG = Pattern.compile("(?m)^\\s*@");
    private static final Pattern INLINE_TAG = Pattern.compile("\\{@(?:code|link|linkplain)\\s+([^}]*)}");
    private static final Pattern SENTENCE = Pattern.compile("(.*?[.!?])(?:\\s.*)?");

    private final List<MessageType> types = new ArrayList<>();

    /** One component of a record, with its {@code @param} text. */
    record MessageField(String name, String type, boolean nullable, String doc) {}

    /**
     * A type that messages are made of.
     *
     * @param name with the types around it, as {@code JobSpec.Input}
     * @param parents what it implements or extends
     * @param doc first sentence
     */
    record MessageType(
            Path file,
            String name,
            Tree.Kind kind,
            List<String> parents,
            boolean sealed,
            List<MessageField> fields,
            List<String> constants,
            String doc) {
        String simpleName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        boolean isRecord() {
            return kind == Tree.Kind.RECORD;
        }

        boolean isText() {
            return parents.stream().anyMatch(p -> p.startsWith("TextValue"));
        }
    }

    static List<MessageType> read(List<Path> files) {
        MessageSources sources = new MessageSources();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    new StringWriter(), manager, null, List.of(), null, manager.getJavaFileObjectsFromPaths(files));
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                TreePath root = new TreePath(unit);
                unit.getTypeDecls().forEach(type -> sources.type(trees, new TreePath(root, type), ""));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources.types;
    }

    private void type(Trees trees, TreePath path, String around) {
        if (!(path.getLeaf() instanceof ClassTree tree)) {
            return;
        }
        String name = around + tree.getSimpleName();
        String comment = trees.getDocComment(path);
        String doc = comment == null ? "" : comment;
        Path file = Path.of(path.getCompilationUnit().getSourceFile().toUri());
        boolean sealed = tree.getModifiers().getFlags().contains(Modifier.SEALED);
        List<String> parents =
                tree.getImplementsClause().stream().map(Tree::toString).toList();
        types.add(new MessageType(
                file, name, tree.getKind(), parents, sealed, fields(tree, doc), constants(tree), sentence(doc)));
        tree.getMembers().forEach(member -> type(trees, new TreePath(path, member), name + "."));
    }

    private static List<MessageField> fields(ClassTree tree, String doc) {
        if (tree.getKind() != Tree.Kind.RECORD) {
            return List.of();
        }
        Map<String, String> params = params(doc);
        List<MessageField> fields = new ArrayList<>();
        for (Tree member : tree.getMembers()) {
            if (member instanceof VariableTree field
                    && !field.getModifiers().getFlags().contains(Modifier.STATIC)) {
                fields.add(field(field, params));
            }
        }
        return fields;
    }

    private static MessageField field(VariableTree field, Map<String, String> params) {
        String name = field.getName().toString();
        String written = String.valueOf(field.getType());
        boolean nullable = written.contains("@Nullable")
                || field.getModifiers().getAnnotations().stream()
                        .anyMatch(a -> a.getAnnotationType().toString().equals("Nullable"));
        String type = written.replaceAll("@Nullable\\(?\\)?\\s*", "");
        return new MessageField(name, type, nullable, params.getOrDefault(name, ""));
    }

    private static List<String> constants(ClassTree tree) {
        if (tree.getKind() != Tree.Kind.ENUM) {
            return List.of();
        }
        return tree.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(VariableTree.class::cast)
                .filter(v ->
                        String.valueOf(v.getType()).equals(tree.getSimpleName().toString()))
                .map(v -> v.getName().toString())
                .toList();
    }

    private static Map<String, String> params(String doc) {
        Map<String, String> params = new LinkedHashMap<>();
        Matcher matcher =
                Pattern.compile("(?s)@param\\s+(\\w+)\\s+(.*?)(?=\\n\\s*@|\\z)").matcher(doc);
        while (matcher.find()) {
            params.put(matcher.group(1), plain(matcher.group(2)));
        }
        return params;
    }

    private static String sentence(String doc) {
        String text = plain(BLOCK_TAG.split(doc, 2)[0].split("<p>", 2)[0]);
        Matcher matcher = SENTENCE.matcher(text);
        return matcher.matches() ? matcher.group(1) : text;
    }

    /** Javadoc as Markdown for a table's cell. */
    private static String plain(String javadoc) {
        return INLINE_TAG
                .matcher(javadoc)
                .replaceAll(tag ->
                        Matcher.quoteReplacement("`" + tag.group(1).strip().replaceFirst("^#", "") + "`"))
                .replaceAll("\\s+", " ")
                .replace("|", "\\|")
                .strip();
    }
}
