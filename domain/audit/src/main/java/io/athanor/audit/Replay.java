package io.athanor.audit;

import io.athanor.codec.Json;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.RecordLog;
import io.athanor.domain.epoch.RecordLog.Checkpoint;
import io.athanor.domain.epoch.RewardTerm;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Replays a history line by line: folds every stream, recomputes what the rules decided, books the ledger, and names
 * every difference.
 *
 * <p>Invariant: no clock, no network, no database; the same lines give the same result everywhere. Not thread-safe.
 */
public final class Replay {
    /** Differences that a result names; all are counted. */
    public static final int PROBLEMS_KEPT = 100;

    private final int problemsKept;

    private final World world = new World();
    private final Revisions revisions = new Revisions();
    private final SettlementCheck settlement = new SettlementCheck();
    private final List<Check> checks = List.of(
            new DecisionCheck(),
            new AuthorizationCheck(),
            new OrderCheck(),
            new TopUpCheck(),
            new CustodyCheck(),
            new SignatureCheck(),
            new PlacementCheck(),
            new CandidateCheck(),
            new RoundCheck(),
            new RecordCheck(),
            new CaseCheck(),
            new FirstInstanceCheck(),
            new CanaryCheck(),
            new RefutationCheck(),
            new StandingCheck(),
            new ObligationCheck(),
            new CapacityCheck(),
            new PauseCheck(),
            new VerdictCheck(),
            new StakeCheck(),
            new GovernanceCheck(),
            settlement,
            new VestingCheck(),
            new PayoutCheck(),
            new AgreementCheck());
    private final DueDecisionCheck delays = new DueDecisionCheck();
    private boolean ofDelays = true;
    private final List<Problem> problems = new ArrayList<>();
    private final RecordLog records = new RecordLog(Json::digest);
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private Hash32 history = Hash32.ZERO;
    private long lastIndex;
    private long events;
    private long problemCount;

    public Replay() {
        this(PROBLEMS_KEPT);
    }

    /** @param problemsKept how many differences the result names */
    public Replay(int problemsKept) {
        this.problemsKept = problemsKept;
    }

    /** Keeps the terms of an epoch's emission, before the epoch closes in what is taken. */
    public Replay explaining(long epoch) {
        settlement.explain(epoch);
        return this;
    }

    /**
     * Looks at what happened alone, and not at what should have by now: whoever signs a batch vouches for what is in it, and a
     * network whose operator waits with a decision still settles what it owes.
     */
    public Replay withoutDelays() {
        ofDelays = false;
        return this;
    }

    /** The terms of the explained epoch; empty before it closed. */
    public List<RewardTerm> terms() {
        return settlement.terms();
    }

    /** One difference: where it is and what it is. */
    public record Problem(long index, String event, String stream, String what) {}

    /**
     * What a replay found.
     *
     * @param verdict MATCH or MISMATCH
     * @param stateHash over every stream's state, its length and the balances
     * @param historyHash over every line
     * @param checkpoint the newest state that signers anchor on chain, null before the first
     * @param balances by ledger account, in wei; below zero for the chain
     */
    public record Result(
            String verdict,
            long events,
            long lastIndex,
            Hash32 stateHash,
            Hash32 historyHash,
            @Nullable Checkpoint checkpoint,
            boolean ledgerBalanced,
            SortedMap<String, String> balances,
            long problemCount,
            List<Problem> problems) {
        public boolean matches() {
            return problemCount == 0;
        }
    }

    /** Takes the next line as it stands in the export. Differences are kept, not thrown. */
    public void accept(String text) {
        ExportLine line;
        try {
            line = ExportLine.parse(text);
        } catch (IllegalArgumentException e) {
            unreadable(text, e);
            return;
        }
        take(line, text);
        if (!line.text().equals(text)) {
            problem(line, "the line is not in canonical form");
        }
    }

    /** Takes the next line, already read. Differences are kept, not thrown. */
    public void accept(ExportLine line) {
        take(line, line.text());
    }

    private void take(ExportLine line, String text) {
        events++;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        history = Hash32.keccak(history.bytes(), bytes);
        sequence(line);
        guarded(line, () -> {
            Event event = line.event();
            records.take(event, line.number(), bytes).ifPresent(checkpoints::add);
            apply(line, event);
        });
    }

    /** What one look cannot cope with is a difference, and keeps no other from looking. */
    private void guarded(ExportLine line, Runnable look) {
        try {
            look.run();
        } catch (Refused e) {
            problem(line, e.detail());
        } catch (RuntimeException e) {
            problem(line, "the history before does not allow it: " + e);
        }
    }

    private void apply(ExportLine line, Event event) {
        if (!event.stream().equals(line.stream())) {
            problem(line, "the event belongs to stream " + event.stream());
        }
        world.earlier = revisions.isEarlier(line, event, what -> problem(line, what));
        for (Check check : checks) {
            guarded(line, () -> check.look(world, event, what -> problem(line, what)));
        }
        if (ofDelays) {
            guarded(line, () -> delays.look(world, event, what -> problem(line, what)));
        }
        world.apply(event);
    }

    private void unreadable(String text, IllegalArgumentException e) {
        events++;
        history = Hash32.keccak(history.bytes(), text.getBytes(StandardCharsets.UTF_8));
        keep(new Problem(lastIndex, "", "", "the line after event " + lastIndex + ": " + e.getMessage()));
    }

    private void sequence(ExportLine line) {
        if (line.number() <= lastIndex) {
            problem(line, "index " + line.index() + " comes after " + lastIndex);
        }
        lastIndex = line.number();
        long next = world.sequences.getOrDefault(line.stream(), -1L) + 1;
        if (line.sequence() != next) {
            problem(line, "the stream goes on with " + line.sequence() + "; event " + next + " is missing or doubled");
        }
        world.sequences.put(line.stream(), line.sequence());
    }

    private void problem(ExportLine line, String what) {
        keep(new Problem(line.number(), line.name(), line.stream().toString(), what));
    }

    private void keep(Problem problem) {
        problemCount++;
        if (problems.size() < problemsKept) {
            problems.add(problem);
        }
    }

    /** The states of the log of records that the history fixes, oldest first; the contract holds the roots of all of them. */
    public List<Checkpoint> checkpoints() {
        return List.copyOf(checkpoints);
    }

    /** The contract that the history names, to be asked for what was anchored; empty before the network began. */
    public Optional<Wallet> settlementLog() {
        return Optional.ofNullable(world.protocol.network()).map(NetworkBegun::settlementLog);
    }

    /** The result so far. */
    public Result result() {
        SortedMap<String, String> balances = new java.util.TreeMap<>();
        world.balances.all().forEach((account, wei) -> balances.put(account.toString(), wei.toString()));
        return new Result(
                problemCount == 0 ? "MATCH" : "MISMATCH",
                events,
                lastIndex,
                stateHash(),
                history,
                checkpoints.isEmpty() ? null : checkpoints.getLast(),
                world.balances.total().signum() == 0,
                balances,
                problemCount,
                List.copyOf(problems));
    }

    private Hash32 stateHash() {
        byte[] hash = new byte[Hash32.BYTES];
        for (Map<?, ?> part : List.of(
                world.accounts,
                world.providers,
                world.machines,
                world.tasks,
                world.checkers,
                world.pools,
                world.proposals,
                world.rounds,
                world.epochs,
                world.cases,
                world.sequences,
                world.balances.all())) {
            for (Map.Entry<?, ?> entry : part.entrySet()) {
                hash = Hash32.keccak(hash, text(entry.getKey()), Json.canonical(entry.getValue()))
                        .bytes();
            }
        }
        return Hash32.keccak(hash, Json.canonical(world.protocol));
    }

    private static byte[] text(Object key) {
        return key.toString().getBytes(StandardCharsets.UTF_8);
    }
}
