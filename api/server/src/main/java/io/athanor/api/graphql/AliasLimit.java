package io.athanor.api.graphql;

import graphql.execution.AbortExecutionException;
import graphql.execution.instrumentation.DocumentAndVariables;
import graphql.execution.instrumentation.InstrumentationState;
import graphql.execution.instrumentation.SimplePerformantInstrumentation;
import graphql.execution.instrumentation.parameters.InstrumentationExecutionParameters;
import graphql.language.Field;
import graphql.language.Node;
import graphql.language.NodeTraverser;
import graphql.language.NodeVisitorStub;
import graphql.util.TraversalControl;
import graphql.util.TraverserContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Refuses a document that asks for the same thing under very many names, which neither depth nor size shows. */
final class AliasLimit extends SimplePerformantInstrumentation {
    static final int MAX_ALIASES = 50;

    @Override
    public DocumentAndVariables instrumentDocumentAndVariables(
            DocumentAndVariables document,
            InstrumentationExecutionParameters parameters,
            @Nullable InstrumentationState state) {
        AtomicInteger aliases = new AtomicInteger();
        new NodeTraverser()
                .preOrder(
                        new NodeVisitorStub() {
                            @Override
                            @SuppressWarnings("rawtypes")
                            public TraversalControl visitField(Field field, TraverserContext<Node> context) {
                                if (field.getAlias() != null) {
                                    aliases.incrementAndGet();
                                }
                                return TraversalControl.CONTINUE;
                            }
                        },
                        document.getDocument());
        if (aliases.get() > MAX_ALIASES) {
            throw new AbortExecutionException("a document has at most " + MAX_ALIASES + " aliases");
        }
        return document;
    }
}
