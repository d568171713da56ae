package io.athanor.api.graphql;

import graphql.analysis.MaxQueryComplexityInstrumentation;
import graphql.analysis.MaxQueryDepthInstrumentation;
import graphql.execution.instrumentation.Instrumentation;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.graphql.execution.RuntimeWiringConfigurer;

/** Scalars and limits. Introspection, as tools send it, is about 15 levels deep and passes. */
@Configuration(proxyBeanMethods = false)
class GraphQlConfiguration {
    static final int MAX_DEPTH = 24;
    static final int MAX_FIELDS = 2_000;

    @Bean
    RuntimeWiringConfigurer athanorScalars() {
        return wiring -> Scalars.all().forEach(wiring::scalar);
    }

    @Bean
    Instrumentation graphQlDepth() {
        return new MaxQueryDepthInstrumentation(MAX_DEPTH);
    }

    @Bean
    Instrumentation graphQlComplexity() {
        return new MaxQueryComplexityInstrumentation(MAX_FIELDS);
    }

    @Bean
    Instrumentation graphQlAliases() {
        return new AliasLimit();
    }
}
