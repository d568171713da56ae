package io.athanor.api.agent;

import io.athanor.api.auth.Caller;
import io.athanor.api.auth.SenderKeys;
import io.athanor.api.web.Reads;
import io.athanor.domain.checker.Checker.Standing;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.query.Queries.FindCheckerByAttester;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.view.CheckerView;
import io.athanor.domain.view.MachineView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The keys of machines and checkers, kept in memory. A machine's key never changes, so it is kept; a checker's is asked
 * again after some seconds. An unknown sender is asked for each time: it may have just joined.
 */
@Component
final class KnownSenders implements SenderKeys {
    private static final int KEPT = 100_000;
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final AgentRecords records;
    private final Reads reads;
    private final InstantSource clock;
    private final Map<MachineId, Caller.Machine> machines = bounded();
    private final Map<Wallet, Seen> checkers = bounded();

    KnownSenders(AgentRecords records, Reads reads, InstantSource clock) {
        this.records = records;
        this.reads = reads;
        this.clock = clock;
    }

    private record Seen(Caller.Checker checker, Instant at) {}

    @Override
    public Optional<Caller.Machine> machine(MachineId machine) {
        Caller.Machine known;
        synchronized (machines) {
            known = machines.get(machine);
        }
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Caller.Machine> found = find(machine);
        synchronized (machines) {
            found.ifPresent(caller -> machines.put(machine, caller));
        }
        return found;
    }

    private Optional<Caller.Machine> find(MachineId machine) {
        return records.agent(machine)
                .map(row -> new Caller.Machine(machine, row.provider(), row.agentKey()))
                .or(() -> reads.find(new FindMachine(machine), MachineView.class)
                        .map(view -> {
                            records.enrolled(machine, view.agentKey(), view.provider());
                            return new Caller.Machine(machine, view.provider(), view.agentKey());
                        }));
    }

    @Override
    public Optional<Caller.Checker> checker(Wallet attester) {
        Instant now = clock.instant();
        @Nullable Seen seen;
        synchronized (checkers) {
            seen = checkers.get(attester);
        }
        if (seen != null && Duration.between(seen.at(), now).compareTo(FRESH) < 0) {
            return Optional.of(seen.checker());
        }
        Optional<Caller.Checker> found = reads.find(new FindCheckerByAttester(attester), CheckerView.class)
                .map(KnownSenders::caller);
        synchronized (checkers) {
            found.ifPresentOrElse(
                    checker -> checkers.put(attester, new Seen(checker, now)), () -> checkers.remove(attester));
        }
        return found;
    }

    private static Caller.Checker caller(CheckerView view) {
        Standing standing = Standing.valueOf(view.standing());
        boolean barred = standing == Standing.JAILED || standing == Standing.TOMBSTONED;
        return new Caller.Checker(view.wallet(), view.attester(), view.endpoint(), barred);
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > KEPT;
            }
        };
    }
}
