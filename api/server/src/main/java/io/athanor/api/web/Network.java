package io.athanor.api.web;

import io.athanor.codec.EventCatalogue;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.query.Queries.CurrentParameters;
import io.athanor.domain.query.Queries.ListPauses;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.stake.StakeRules;
import io.athanor.domain.view.PauseView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Which network this is and what its parameters are. Its identity is the event that began it, so that no setting can
 * disagree with the history; the parameters are read again after a second.
 */
@Component
public final class Network {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int SCAN_EVENTS = 500;
    private static final String BEGUN = EventCatalogue.nameOf(NetworkBegun.class);

    private final EventSource events;
    private final Reads reads;
    private final InstantSource clock;
    private volatile @Nullable NetworkBegun begun;
    private volatile @Nullable Known known;
    private volatile @Nullable Pauses pauses;

    public Network(EventSource events, Reads reads, InstantSource clock) {
        this.events = events;
        this.reads = reads;
        this.clock = clock;
    }

    private record Pauses(List<PauseView> newest, Instant at) {}

    private record Known(ParametersActivated inForce, Instant at) {}

    /** Error: {@link Refused} UNAVAILABLE before the network has begun. */
    public NetworkBegun identity() {
        NetworkBegun found = begun;
        if (found == null) {
            found = find();
            begun = found;
        }
        return found;
    }

    private NetworkBegun find() {
        long after = 0;
        List<EventSource.Stored> page = events.read(after, SCAN_EVENTS);
        while (!page.isEmpty()) {
            for (EventSource.Stored stored : page) {
                if (stored.name().equals(BEGUN)) {
                    return (NetworkBegun)
                            EventCatalogue.read(stored.name(), stored.payload().getBytes(StandardCharsets.UTF_8));
                }
            }
            after = page.getLast().index();
            page = events.read(after, SCAN_EVENTS);
        }
        throw new Refused(Reason.UNAVAILABLE, "the network has not begun");
    }

    /** A stream's events, oldest first. */
    public List<Event> events(StreamId stream) {
        return events.of(stream).stream()
                .map(stored ->
                        EventCatalogue.read(stored.name(), stored.payload().getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** What wallets sign for. */
    public SigningDomain signing() {
        NetworkBegun network = identity();
        return new SigningDomain(network.chainId(), network.settlementLog());
    }

    /** Also where the clock was set back: what was read in its future would be fresh for long. */
    private static boolean isOld(Instant read, Instant now) {
        return Duration.between(read, now).abs().compareTo(FRESH) > 0;
    }

    /** The version in force. */
    public ParametersActivated inForce() {
        Known last = known;
        Instant now = clock.instant();
        if (last == null || isOld(last.at(), now)) {
            ParametersActivated read = reads.find(new CurrentParameters(), ParametersActivated.class)
                    .orElseThrow(() -> new Refused(Reason.UNAVAILABLE, "the network has no parameters yet"));
            last = new Known(read, now);
            known = last;
        }
        return last.inForce();
    }

    /** Error: {@link Refused} NETWORK_PAUSED until the newest pause is over. A pause is known here a second after it began. */
    public void requireRunning(Instant at) {
        Pauses last = pauses;
        if (last == null || isOld(last.at(), at)) {
            last = new Pauses(
                    reads.page(new ListPauses(null, 1), PauseView.class).items(), at);
            pauses = last;
        }
        for (PauseView pause : last.newest()) {
            Refused.unless(
                    !at.isBefore(pause.until()),
                    Reason.NETWORK_PAUSED,
                    "the guardian stopped new work until " + pause.until() + ": " + pause.why());
        }
    }

    /** The settlement day of an instant. */
    public long day(Instant at) {
        return StakeRules.day(at, identity().genesis(), parameters().timing());
    }

    /** The epoch of an instant. */
    public long epoch(Instant at) {
        long since = at.toEpochMilli() - identity().genesis().toEpochMilli();
        return Math.floorDiv(since, parameters().timing().epochMillis());
    }

    /** When the instant's epoch began. */
    public Instant beginOfEpoch(Instant at) {
        return identity().genesis().plusMillis(epoch(at) * parameters().timing().epochMillis());
    }

    /** What pools follow now. */
    public StakeRules stakeRules() {
        return StakeRules.of(parameters());
    }

    public ProtocolParameters parameters() {
        return inForce().parameters();
    }
}
