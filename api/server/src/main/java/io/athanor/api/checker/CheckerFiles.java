package io.athanor.api.checker;

import io.athanor.api.auth.Caller;
import io.athanor.api.web.Reads;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.attestation.Seat;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.query.Queries.OpenRoundsOf;
import io.athanor.domain.view.Page;
import io.athanor.domain.wire.CheckerProtocol.RoundDuty;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/**
 * Which stored files a checker may fetch. Digests are public, so knowing one is no right, and neither is a licence, which
 * costs a signature.
 *
 * <p>Invariant: a file goes only to a member of a round that judges it ({@link JudgedFiles}), while the round is open or,
 * where this node was asked for a file of it then, for {@link #AFTER} after its reveal window; never to a checker that is
 * jailed or cut off.
 */
@Component
final class CheckerFiles {
    /** For a member that is slow, or that looks at what it judged once more. */
    static final Duration AFTER = Duration.ofHours(1);

    /** Some tens of MB. */
    private static final int DIGESTS_KEPT = 250_000;

    private static final int TURNS = 64;

    private final Reads reads;
    private final JudgedFiles judged;
    private final InstantSource clock;
    private final Map<RoundId, Right> kept = new LinkedHashMap<>();
    private int digestsKept;
    /** A member asks for many files at once: one look at its rounds serves them all. */
    private final Object[] turns =
            IntStream.range(0, TURNS).mapToObj(_ -> new Object()).toArray();

    CheckerFiles(Reads reads, JudgedFiles judged, InstantSource clock) {
        this.reads = reads;
        this.judged = judged;
        this.clock = clock;
    }

    private record Right(Set<Wallet> members, Set<Sha256> files, Instant until) {
        boolean covers(Wallet checker, Sha256 digest) {
            return members.contains(checker) && files.contains(digest);
        }
    }

    /** Error: {@link Refused} NOT_ALLOWED. */
    void require(Caller.Checker checker, Sha256 digest) {
        if (checker.barred()) {
            throw new Refused(
                    Reason.NOT_ALLOWED,
                    checker.wallet() + " is jailed or cut off",
                    "Wait for the end of the jail time; who is cut off stays so.");
        }
        if (!isKnown(checker.wallet(), digest) && !isJudged(checker.wallet(), digest)) {
            throw new Refused(
                    Reason.NOT_ALLOWED,
                    digest + " is judged by no round in which " + checker.wallet() + " sits now",
                    "Fetch what a round of yours judges, while it is open; your duties name the rounds.");
        }
    }

    private boolean isKnown(Wallet checker, Sha256 digest) {
        synchronized (kept) {
            return kept.values().stream().anyMatch(right -> right.covers(checker, digest) && isLive(right));
        }
    }

    private boolean isLive(Right right) {
        return clock.instant().isBefore(right.until());
    }

    private boolean isJudged(Wallet checker, Sha256 digest) {
        synchronized (turns[Math.floorMod(checker.hashCode(), TURNS)]) {
            return isKnown(checker, digest)
                    || openRounds(checker).stream()
                            .anyMatch(round -> right(round).covers(checker, digest));
        }
    }

    /** Whether a round waits for the checker's report. */
    boolean sits(Wallet checker) {
        return !reads.page(new OpenRoundsOf(checker, 0), RoundDuty.class)
                .items()
                .isEmpty();
    }

    private List<RoundOpened> openRounds(Wallet checker) {
        List<RoundOpened> open = new ArrayList<>();
        String after = "0";
        while (after != null) {
            Page<RoundDuty> page = reads.page(new OpenRoundsOf(checker, Long.parseLong(after)), RoundDuty.class);
            page.items().forEach(duty -> open.add(duty.round()));
            after = page.items().size() < Limits.PAGE_ROWS ? null : page.next();
        }
        return open;
    }

    private Right right(RoundOpened round) {
        synchronized (kept) {
            Right known = kept.get(round.round());
            if (known != null) {
                return known;
            }
        }
        JudgedFiles.Found found = judged.of(round);
        Set<Wallet> members = round.committee().stream().map(Seat::checker).collect(Collectors.toUnmodifiableSet());
        Right right = new Right(members, found.files(), round.revealUntil().plus(AFTER));
        if (found.whole()) {
            keep(round.round(), right);
        }
        return right;
    }

    /** Forgets what is over, and the oldest beyond the bound. */
    private void keep(RoundId round, Right right) {
        synchronized (kept) {
            if (kept.putIfAbsent(round, right) == null) {
                digestsKept += weight(right);
            }
            Iterator<Map.Entry<RoundId, Right>> oldest = kept.entrySet().iterator();
            while (oldest.hasNext()) {
                Map.Entry<RoundId, Right> next = oldest.next();
                boolean tooMany = digestsKept > DIGESTS_KEPT && !next.getKey().equals(round);
                if (tooMany || !isLive(next.getValue())) {
                    digestsKept -= weight(next.getValue());
                    oldest.remove();
                }
            }
        }
    }

    private static int weight(Right right) {
        return right.files().size() + right.members().size();
    }
}
