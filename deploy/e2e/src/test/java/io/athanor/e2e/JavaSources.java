package io.athanor.e2e;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the compiler's own parser sees in Java files. */
final class JavaSources {
    private final List<Method> methods = new ArrayList<>();
    private final List<Place> emptyCatches = new ArrayList<>();
    private final List<Place> unsupported = new ArrayList<>();

    /** One method or constructor with a body, from its first modifier to its closing brace. */
    record Method(Place place, String name, int lines) {}

    /** Where something is. */
    record Place(Path file, long line) {
        @Override
        public String toString() {
            return Repository.name(file) + ":" + line;
        }
    }

    static JavaSources parse(List<Path> files) {
        JavaSources sources = new JavaSources();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    new StringWriter(), manager, null, List.of(), null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                sources.new Scanner(unit, positions).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    List<Method> methods() {
        return methods;
    }

    List<Place> emptyCatches() {
        return emptyCatches;
    }

    List<Place> unsupported() {
        return unsupported;
    }

    /** Collects from one file. */
    private final class Scanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        Scanner(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }

        private Place place(Tree tree) {
            Path file = Path.of(unit.getSourceFile().toUri());
            return new Place(file, line(positions.getStartPosition(unit, tree)));
        }

        @Override
        public @Nullable Void visitMethod(MethodTree node, @Nullable Void unused) {
            if (node.getBody() != null) {
                long first = line(positions.getStartPosition(unit, node));
                long last = line(positions.getEndPosition(unit, node));
                methods.add(new Method(place(node), node.getName().toString(), (int) (last - first + 1)));
            }
            return super.visitMethod(node, null);
        }

        @Override
        public @Nullable Void visitCatch(CatchTree node, @Nullable Void unused) {
            if (node.getBlock().getStatements().isEmpty()) {
                emptyCatches.add(place(node));
            }
            return super.visitCatch(node, null);
        }

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree node, @Nullable Void unused) {
            if (node.getName().contentEquals("UnsupportedOperationException")) {
                unsupported.add(place(node));
            }
            return super.visitIdentifier(node, null);
        }
    }
}
