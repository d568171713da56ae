package io.athanor.saga.attestation;

import io.athanor.domain.attestation.Candidate;
import io.athanor.domain.attestation.Subject;
import io.athanor.domain.common.Limits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Puts subjects into rounds of at most {@code Limits.SHARD_SUBJECTS}.
 *
 * <p>Everybody with an interest in one subject is kept out of the whole round, so owners share a round only where that
 * costs it no member: the same subjects give the same shards, in whatever order they come.
 */
final class Shards {
    private Shards() {}

    /** One round's subjects and the owner groups kept out of it. */
    record Shard(List<Subject> subjects, Set<String> owners) {}

    static List<Shard> of(
            List<Subject> subjects, Function<Subject, String> ownerOf, Function<Set<String>, List<Candidate>> judges) {
        List<Shard> shards = new ArrayList<>();
        byOwner(subjects, ownerOf).forEach((owner, group) -> {
            for (int from = 0; from < group.size(); from += Limits.SHARD_SUBJECTS) {
                List<Subject> part = group.subList(from, Math.min(group.size(), from + Limits.SHARD_SUBJECTS));
                add(shards, new Shard(part, Set.of(owner)), judges);
            }
        });
        return shards;
    }

    private static Map<String, List<Subject>> byOwner(List<Subject> subjects, Function<Subject, String> ownerOf) {
        Map<String, List<Subject>> groups = new TreeMap<>();
        subjects.stream()
                .sorted(Comparator.comparing(Subject::key))
                .forEach(s -> groups.computeIfAbsent(ownerOf.apply(s), o -> new ArrayList<>())
                        .add(s));
        return groups;
    }

    private static void add(List<Shard> shards, Shard next, Function<Set<String>, List<Candidate>> judges) {
        if (!shards.isEmpty()) {
            Shard last = shards.getLast();
            Shard both = joined(last, next);
            boolean fits = both.subjects.size() <= Limits.SHARD_SUBJECTS;
            if (fits && costsNobody(last, next, both, judges)) {
                shards.set(shards.size() - 1, both);
                return;
            }
        }
        shards.add(next);
    }

    private static boolean costsNobody(
            Shard one, Shard other, Shard both, Function<Set<String>, List<Candidate>> judges) {
        int judgesOfBoth = judges.apply(both.owners).size();
        return judgesOfBoth == judges.apply(one.owners).size()
                && judgesOfBoth == judges.apply(other.owners).size();
    }

    private static Shard joined(Shard one, Shard other) {
        List<Subject> subjects = new ArrayList<>(one.subjects);
        subjects.addAll(other.subjects);
        Set<String> owners = new HashSet<>(one.owners);
        owners.addAll(other.owners);
        return new Shard(List.copyOf(subjects), Set.copyOf(owners));
    }
}
