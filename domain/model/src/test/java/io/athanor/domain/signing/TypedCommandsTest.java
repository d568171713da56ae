package io.athanor.domain.signing;

import static io.athanor.domain.testing.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.SessionKey;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Samples;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TypedCommandsTest {
    private final Samples samples = new Samples(21);
    private boolean flag;
    /** A fresh value of every type that a signed command has. */
    private final Map<Class<?>, Supplier<Object>> fresh = Map.ofEntries(
            Map.entry(JobId.class, samples::job),
            Map.entry(Wallet.class, samples::wallet),
            Map.entry(Sha256.class, samples::sha256),
            Map.entry(MachineId.class, samples::machine),
            Map.entry(CaseId.class, () -> new CaseId(samples.uuid())),
            Map.entry(Hash32.class, samples::hash),
            Map.entry(CommandId.class, () -> new CommandId(samples.uuid())),
            Map.entry(String.class, () -> samples.hash().hex()),
            Map.entry(PoolId.class, () -> PoolId.ofChecker(samples.wallet())),
            Map.entry(ProposalId.class, () -> new ProposalId(samples.uuid())),
            Map.entry(long.class, () -> (long) samples.between(1, 1_000_000)),
            Map.entry(Choice.class, new Turns()::next),
            Map.entry(int.class, () -> samples.between(1, 1_000_000)),
            Map.entry(boolean.class, this::other),
            Map.entry(Ath.class, () -> Ath.ofWei(samples.between(1, 1_000_000_000))),
            Map.entry(Instant.class, () -> at(samples.between(1, 1_000_000_000))),
            Map.entry(RoundId.class, () -> new RoundId(samples.between(1, 1_000_000), RoundId.Kind.LIVENESS, 0, 0)),
            Map.entry(SessionKey.class, () -> key(samples.wallet(), 1, at(1), Scope.SUBMIT_JOB)),
            Map.entry(
                    Finding.class, () -> new Finding(samples.hash().hex(), Finding.Fact.ONLINE, samples.hash(), 1, 2)),
            Map.entry(Report.class, () -> report(samples.wallet(), Finding.Fact.ONLINE, 1)));

    /** Another choice at each turn. */
    private static final class Turns {
        private Choice last = Choice.VETO;

        Choice next() {
            last = last == Choice.FOR ? Choice.AGAINST : Choice.FOR;
            return last;
        }
    }

    private static SessionKey key(Wallet wallet, long limit, Instant expiresAt, Scope... scopes) {
        return new SessionKey(wallet, Ath.ofWei(limit), Set.of(scopes), expiresAt);
    }

    private static Report report(Wallet checker, Finding.Fact fact, long measure) {
        Finding finding = new Finding("subject", fact, Hash32.ZERO, measure, 2);
        return new Report(new RoundId(1, RoundId.Kind.LIVENESS, 0, 0), checker, List.of(finding), EVIDENCE);
    }

    private static final Sha256 EVIDENCE = new Samples(0).sha256();

    static Stream<Method> structs() {
        return Stream.of(TypedCommands.class, TypedEconomy.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(m -> Modifier.isPublic(m.getModifiers()) && Modifier.isStatic(m.getModifiers()));
    }

    /** So that nobody can change what was signed and keep the signature. */
    @ParameterizedTest
    @MethodSource("structs")
    void everyArgumentIsSigned(Method struct) throws ReflectiveOperationException {
        Class<?>[] types = struct.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = value(types[i]);
        }
        Object signed = struct.invoke(null, arguments);
        assertThat(struct.invoke(null, arguments)).isEqualTo(signed);
        for (int i = 0; i < types.length; i++) {
            Object[] other = arguments.clone();
            other[i] = value(types[i]);
            assertThat(struct.invoke(null, other))
                    .as("%s with another %s", struct.getName(), types[i].getSimpleName())
                    .isNotEqualTo(signed);
        }
    }

    /** There are two of them, so each is the other of the one before. */
    private boolean other() {
        flag = !flag;
        return flag;
    }

    private Object value(Class<?> type) {
        Supplier<Object> supplier = fresh.get(type);
        assertThat(supplier).as("a sample of %s", type).isNotNull();
        return supplier.get();
    }

    @Test
    void everyPartOfASessionKeyAndOfAReportIsSigned() {
        Wallet wallet = samples.wallet();
        Wallet hot = samples.wallet();
        CommandId id = new CommandId(samples.uuid());
        assertThat(Stream.of(
                                key(hot, 1, at(1), Scope.SUBMIT_JOB),
                                key(hot, 2, at(1), Scope.SUBMIT_JOB),
                                key(hot, 1, at(2), Scope.SUBMIT_JOB),
                                key(hot, 1, at(1), Scope.CANCEL_JOB),
                                key(hot, 1, at(1), Scope.CANCEL_JOB, Scope.SUBMIT_JOB))
                        .map(k -> TypedCommands.authorizeSessionKey(wallet, k, id, at(9))))
                .doesNotHaveDuplicates();
        assertThat(Stream.of(
                                report(wallet, Finding.Fact.ONLINE, 1),
                                report(wallet, Finding.Fact.OFFLINE, 1),
                                report(wallet, Finding.Fact.ONLINE, 2))
                        .map(TypedCommands::reportStruct))
                .doesNotHaveDuplicates();
    }

    @Test
    void aSignatureIsForOneChainAndOneDeployment() {
        Hash32 struct = samples.hash();
        Wallet log = samples.wallet();
        assertThat(List.of(
                        new SigningDomain(1, log).digest(struct),
                        new SigningDomain(31_337, log).digest(struct),
                        new SigningDomain(1, samples.wallet()).digest(struct)))
                .doesNotHaveDuplicates();
    }
}
