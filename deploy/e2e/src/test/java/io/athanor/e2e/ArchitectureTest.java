package io.athanor.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows: everybody may see {@code domain/}, nobody sees a sibling, only {@code deploy} sees all. */
class ArchitectureTest {
    private static final String[] DOMAIN = {
        "io.athanor.domain..", "io.athanor.codec..", "io.athanor.crypto..", "io.athanor.audit.."
    };
    private static final List<String> SIBLINGS = List.of("command", "query", "saga", "agent", "chain", "api", "cli");
    private static final String[] FRAMEWORKS = {
        "org.springframework..", "org.axonframework..", "jakarta..", "org.jdbi..", "org.web3j.."
    };
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.athanor");

    /** What reads a clock, draws at random, or writes a log. */
    private static final Set<String> IMPURE = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.getLogger",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.Collections.shuffle");

    private static final String[] IMPURE_TYPES = {
        "java.util.Random",
        "java.util.SplittableRandom",
        "java.util.concurrent.ThreadLocalRandom",
        "java.security.SecureRandom",
        "java.time.Clock",
        "java.time.InstantSource",
        "java.lang.System$Logger"
    };

    private static DescribedPredicate<JavaAccess<?>> impure() {
        return DescribedPredicate.describe("a clock, randomness or the environment", access -> {
            String owner = access.getTargetOwner().getName();
            boolean now = owner.startsWith("java.time.") && access.getName().equals("now");
            boolean out = owner.equals("java.lang.System")
                    && Set.of("out", "err", "in").contains(access.getName());
            return now || out || IMPURE.contains(owner + "." + access.getName());
        });
    }

    @Test
    void theModulesAreOnTheClassPath() {
        assertThat(CLASSES.contain("io.athanor.domain.job.Job")).isTrue();
        assertThat(CLASSES.that(resideInAPackage("io.athanor.agent.."))).isNotEmpty();
    }

    @Test
    void theModelKnowsTheJdkAndJSpecifyOnly() {
        classes()
                .that()
                .resideInAPackage("io.athanor.domain..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.athanor.domain..", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void theModelHasNoClockNoRandomnessNoLogging() {
        noClasses()
                .that()
                .resideInAPackage("io.athanor.domain..")
                .should()
                .accessTargetWhere(impure())
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.athanor.domain..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(String.join("|", IMPURE_TYPES).replace("$", "\\$"))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "java.io..", "java.nio.file..", "java.net..", "java.sql..")
                .check(CLASSES.that(notAPort()));
    }

    /** The agent reads clocks, so the rule must find something there. */
    @Test
    void theRuleAgainstClocksFindsAClock() {
        assertThat(noClasses()
                        .that()
                        .resideInAPackage("io.athanor.agent..")
                        .should()
                        .accessTargetWhere(impure())
                        .evaluate(CLASSES)
                        .hasViolation())
                .isTrue();
    }

    /** Ports say what other modules bring, streams of bytes included. */
    private static DescribedPredicate<JavaClass> notAPort() {
        return DescribedPredicate.not(resideInAPackage("io.athanor.domain.port.."));
    }

    @Test
    void theDomainFolderSeesNoFrameworkAndNoModule() {
        noClasses()
                .that()
                .resideInAnyPackage(DOMAIN)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(FRAMEWORKS).or(siblingsOf("none")).or(deploy()))
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"command", "query", "saga", "agent", "chain", "api", "cli"})
    void siblingsNeverSeeEachOther(String module) {
        noClasses()
                .that()
                .resideInAPackage("io.athanor." + module + "..")
                .should()
                .dependOnClassesThat(siblingsOf(module).or(deploy()))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> siblingsOf(String module) {
        return resideInAnyPackage(SIBLINGS.stream()
                .filter(other -> !other.equals(module))
                .map(other -> "io.athanor." + other + "..")
                .toArray(String[]::new));
    }

    private static DescribedPredicate<JavaClass> deploy() {
        return resideInAnyPackage("io.athanor.local..", "io.athanor.node..", "io.athanor.deploy..");
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "cli", "local"})
    void whatRunsOnOthersMachinesSeesNeitherSpringNorAxon(String module) {
        noClasses()
                .that()
                .resideInAPackage("io.athanor." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "org.axonframework..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }
}
