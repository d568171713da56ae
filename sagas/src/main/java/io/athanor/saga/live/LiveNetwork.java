package io.athanor.saga.live;

import io.athanor.domain.attestation.RoundEvent.RoundFinalized;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.epoch.ChainHead;
import io.athanor.domain.epoch.EpochEvent.EpochClosed;
import io.athanor.domain.epoch.EpochEvent.EpochOpened;
import io.athanor.domain.epoch.EpochEvent.RewardsComputed;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.penalty.DowntimeSchedules;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolEvent;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is once in the network.
 *
 * @param versions of the parameters that open books may need, oldest first
 * @param providerReserve and {@code checkerReserve} are what emission has left, in wei
 * @param saltsRound the newest round that closed with salts, null before the first; zero are its salts then
 * @param frozen what the salts were when each of the newest epochs opened, oldest first: what its draws use
 * @param head of the chain of batches
 * @param treasury what the treasury holds at least, in wei: what fees brought less what was granted
 * @param schedules of downtime, each that there was; null in states kept before agreements named them
 */
public record LiveNetwork(
        Protocol protocol,
        List<ParametersActivated> versions,
        Ath providerReserve,
        Ath checkerReserve,
        @Nullable RoundId saltsRound,
        Hash32 salts,
        @Nullable List<FrozenSalts> frozen,
        ChainHead head,
        Ath treasury,
        @Nullable DowntimeSchedules schedules) {
    static final LiveNetwork NEW = new LiveNetwork(
            Protocol.EMPTY,
            List.of(),
            Ath.ZERO,
            Ath.ZERO,
            null,
            Hash32.ZERO,
            List.of(),
            ChainHead.GENESIS,
            Ath.ZERO,
            DowntimeSchedules.NONE);

    private static final int VERSIONS_KEPT = 8;
    /** Epochs whose rounds may still be drawn. */
    private static final int FROZEN_KEPT = 64;

    public LiveNetwork {
        versions = List.copyOf(versions);
        frozen = frozen == null ? List.of() : List.copyOf(frozen);
        schedules = schedules == null ? DowntimeSchedules.of(versions) : schedules;
    }

    /** The newest salts when an epoch opened; {@code round} is null before the first round closed. */
    public record FrozenSalts(long epoch, @Nullable RoundId round, Hash32 salts) {}

    LiveNetwork evolve(ProtocolEvent event) {
        Protocol after = protocol.evolve(event);
        return switch (event) {
            case ReserveCredited e ->
                switch (e.reserve()) {
                    case PROVIDER -> with(after, versions, providerReserve.plus(e.amount()), checkerReserve);
                    case CHECKER -> with(after, versions, providerReserve, checkerReserve.plus(e.amount()));
                };
            case ParametersActivated e ->
                with(after, plus(e), providerReserve, checkerReserve)
                        .with(schedules().with(e));
            case ProtocolEvent.NetworkBegun e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.ParametersScheduled e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.NetworkPaused e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.NodeRegistered e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.CanariesCommitted e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.CanariesOpened e ->
                with(after, versions, providerReserve, checkerReserve).treasuryPaid(e.paid());
            case ProtocolEvent.UpgradeAnnounced e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.UpgradeActivated e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.UpgradePostponed e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.UpgradeCancelled e -> with(after, versions, providerReserve, checkerReserve);
            case ProtocolEvent.CommunityFundsGranted e ->
                with(after, versions, providerReserve, checkerReserve).treasuryPaid(e.amount());
        };
    }

    private List<ParametersActivated> plus(ParametersActivated version) {
        List<ParametersActivated> more = new ArrayList<>(versions);
        more.add(version);
        return more.subList(Math.max(0, more.size() - VERSIONS_KEPT), more.size());
    }

    private LiveNetwork with(Protocol after, List<ParametersActivated> known, Ath providers, Ath checkers) {
        return new LiveNetwork(after, known, providers, checkers, saltsRound, salts, frozen, head, treasury, schedules);
    }

    private LiveNetwork with(DowntimeSchedules known) {
        return new LiveNetwork(
                protocol, versions, providerReserve, checkerReserve, saltsRound, salts, frozen, head, treasury, known);
    }

    @Override
    public DowntimeSchedules schedules() {
        return schedules == null ? DowntimeSchedules.of(versions) : schedules;
    }

    /** What is known of the treasury is a least: it may have held more than this, and two orders may have counted on the same. */
    LiveNetwork treasuryPaid(Ath amount) {
        return withTreasury(treasury.covers(amount) ? treasury.minus(amount) : Ath.ZERO);
    }

    LiveNetwork treasuryBrought(Ath amount) {
        return withTreasury(treasury.plus(amount));
    }

    private LiveNetwork withTreasury(Ath amount) {
        return new LiveNetwork(
                protocol,
                versions,
                providerReserve,
                checkerReserve,
                saltsRound,
                salts,
                frozen,
                head,
                amount,
                schedules);
    }

    LiveNetwork emitted(RewardsComputed e) {
        return with(
                        protocol,
                        versions,
                        providerReserve.minus(e.providerEmission()),
                        checkerReserve.minus(e.checkerEmission()))
                .treasuryBrought(e.protocolFee());
    }

    LiveNetwork salted(RoundFinalized e) {
        return new LiveNetwork(
                protocol,
                versions,
                providerReserve,
                checkerReserve,
                e.round(),
                e.salts(),
                frozen,
                head,
                treasury,
                schedules);
    }

    /** From here on nothing that is revealed moves a draw of this epoch. */
    LiveNetwork opened(EpochOpened e) {
        List<FrozenSalts> more = new ArrayList<>(frozen());
        more.add(new FrozenSalts(e.epoch(), saltsRound, salts));
        List<FrozenSalts> kept = more.subList(Math.max(0, more.size() - FROZEN_KEPT), more.size());
        return new LiveNetwork(
                protocol,
                versions,
                providerReserve,
                checkerReserve,
                saltsRound,
                salts,
                kept,
                head,
                treasury,
                schedules);
    }

    /** What an epoch's draws use; the newest where the epoch opened before salts were frozen. */
    public FrozenSalts saltsOf(long epoch) {
        return frozen().stream()
                .filter(salt -> salt.epoch() == epoch)
                .findFirst()
                .orElseGet(() -> new FrozenSalts(epoch, saltsRound, salts));
    }

    @Override
    public List<FrozenSalts> frozen() {
        return frozen == null ? List.of() : frozen;
    }

    LiveNetwork closed(EpochClosed e) {
        return new LiveNetwork(
                protocol,
                versions,
                providerReserve,
                checkerReserve,
                saltsRound,
                salts,
                frozen,
                e.head(),
                treasury,
                schedules);
    }

    /**
     * The newest settlement day that no open books belong to, below zero before the first.
     *
     * @param openEpochs whose books are open, oldest first
     */
    public long closedDay(List<Long> openEpochs) {
        ParametersActivated version = openEpochs.isEmpty() ? null : parametersOf(openEpochs.getFirst());
        return version == null
                ? -1
                : openEpochs.getFirst() / version.parameters().timing().epochsPerDay() - 1;
    }

    int fullLockDays() {
        return protocol.current().parameters().economics().governance().fullLockDays();
    }

    /** The parameters that an epoch runs under; null before the network began. */
    public @Nullable ParametersActivated parametersOf(long epoch) {
        return Protocol.versionOf(epoch, versions).orElse(null);
    }
}
