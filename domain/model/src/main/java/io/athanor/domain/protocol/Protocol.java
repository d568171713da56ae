package io.athanor.domain.protocol;

import io.athanor.domain.canary.CanaryBook;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.State;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.protocol.Economy.Emergency;
import io.athanor.domain.protocol.Economy.Upgrades;
import io.athanor.domain.protocol.ProtocolCommand.ActivateParameters;
import io.athanor.domain.protocol.ProtocolCommand.AnnounceUpgrade;
import io.athanor.domain.protocol.ProtocolCommand.BeginNetwork;
import io.athanor.domain.protocol.ProtocolCommand.CommitCanaries;
import io.athanor.domain.protocol.ProtocolCommand.CreditReserve;
import io.athanor.domain.protocol.ProtocolCommand.DecideUpgrade;
import io.athanor.domain.protocol.ProtocolCommand.GrantFunds;
import io.athanor.domain.protocol.ProtocolCommand.OpenCanaries;
import io.athanor.domain.protocol.ProtocolCommand.PauseNetwork;
import io.athanor.domain.protocol.ProtocolCommand.RegisterNode;
import io.athanor.domain.protocol.ProtocolCommand.ScheduleParameters;
import io.athanor.domain.protocol.ProtocolEvent.CanariesCommitted;
import io.athanor.domain.protocol.ProtocolEvent.CanariesOpened;
import io.athanor.domain.protocol.ProtocolEvent.CommunityFundsGranted;
import io.athanor.domain.protocol.ProtocolEvent.NetworkBegun;
import io.athanor.domain.protocol.ProtocolEvent.NetworkPaused;
import io.athanor.domain.protocol.ProtocolEvent.NodeRegistered;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.protocol.ProtocolEvent.ParametersScheduled;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeActivated;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeAnnounced;
import io.athanor.domain.protocol.ProtocolEvent.UpgradeCancelled;
import io.athanor.domain.protocol.ProtocolEvent.UpgradePostponed;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network: its chain, its genesis and the parameters in force.
 *
 * <p>Invariant: begun once; versions rise by one, and each begins with the epoch that is the newest when it comes into
 * force, so that no epoch before is judged by other parameters than it ran under.
 *
 * @param lastDeposit the newest reserve deposit's number
 * @param granted the parts of grants that were paid, as {@code <proposal>/<milestone>}
 * @param upgrade the newest announced programs
 * @param pause the newest, in force or not
 * @param progress of the upgrade; null where nothing was decided since it was announced
 * @param canaries plans that wait to be opened; null as empty, in states kept before there were any
 * @param nodes keys of the control plane's registered nodes; null as empty, in states kept before there were any
 */
public record Protocol(
        @Nullable NetworkBegun network,
        @Nullable ParametersActivated inForce,
        @Nullable ParametersScheduled next,
        long lastDeposit,
        Set<String> granted,
        @Nullable UpgradeAnnounced upgrade,
        @Nullable UpgradeProgress progress,
        @Nullable NetworkPaused pause,
        @Nullable CanaryBook canaries,
        @Nullable Set<Wallet> nodes)
        implements State<Protocol, ProtocolCommand, ProtocolEvent> {
    public static final Protocol EMPTY =
            new Protocol(null, null, null, 0, Set.of(), null, null, null, CanaryBook.EMPTY, Set.of());

    public Protocol {
        granted = Set.copyOf(granted);
        canaries = canaries == null ? CanaryBook.EMPTY : canaries;
        nodes = nodes == null ? Set.of() : Set.copyOf(nodes);
    }

    @Override
    public List<ProtocolEvent> decide(ProtocolCommand command) {
        return switch (command) {
            case BeginNetwork c -> begin(c);
            case CreditReserve c ->
                c.number() <= lastDeposit
                        ? List.of()
                        : List.of(new ReserveCredited(
                                c.number(), c.reserve(), c.amount(), c.transaction(), c.block(), c.at()));
            case ScheduleParameters c -> schedule(c);
            case ActivateParameters c -> activate(c);
            case GrantFunds c -> grant(c);
            case AnnounceUpgrade c -> announce(c);
            case DecideUpgrade c -> decideUpgrade(c);
            case PauseNetwork c -> pause(c);
            case RegisterNode c -> register(c);
            case CommitCanaries c -> List.of(book().commit(c, current().parameters()));
            case OpenCanaries c -> List.of(book().open(c, current().parameters()));
        };
    }

    private List<ProtocolEvent> begin(BeginNetwork c) {
        if (network != null) {
            requireSame("chain id", network.chainId(), c.chainId());
            requireSame("vault", network.vault(), c.vault());
            requireSame("settlement log", network.settlementLog(), c.settlementLog());
            return List.of();
        }
        ParameterBounds.require(c.parameters());
        return List.of(
                new NetworkBegun(c.chainId(), c.vault(), c.settlementLog(), c.genesis(), c.at()),
                new ParametersActivated(1, c.parameters(), 0, c.at()));
    }

    private static void requireSame(String what, Object begun, Object asked) {
        Refused.unless(
                begun.equals(asked),
                Reason.WRONG_STATE,
                "this network began with " + what + " " + begun + ", not " + asked);
    }

    private List<ProtocolEvent> schedule(ScheduleParameters c) {
        ParameterBounds.require(c.parameters());
        ParametersActivated current = current();
        if (c.parameters().equals(current.parameters())
                || next != null && c.parameters().equals(next.parameters())) {
            return List.of();
        }
        Refused.unless(
                c.fromEpoch() > current.fromEpoch(),
                Reason.WRONG_STATE,
                "version " + current.version() + " is in force since epoch " + current.fromEpoch());
        Refused.unless(next == null, Reason.WRONG_STATE, "another parameter set is already scheduled");
        return List.of(new ParametersScheduled(current.version() + 1, c.parameters(), c.fromEpoch(), c.at()));
    }

    private List<ProtocolEvent> activate(ActivateParameters c) {
        return next != null && c.epoch() >= next.fromEpoch()
                ? List.of(new ParametersActivated(next.version(), next.parameters(), c.epoch(), c.at()))
                : List.of();
    }

    /** Never silently nothing: the order's credit would stand alone. */
    private List<ProtocolEvent> grant(GrantFunds c) {
        Refused.unless(
                !isGranted(c.proposal(), c.milestone()),
                Reason.WRONG_STATE,
                "milestone " + c.milestone() + " of " + c.proposal() + " is paid");
        Refused.unless(
                c.treasury().covers(c.amount()),
                Reason.INSUFFICIENT_FUNDS,
                "the treasury holds " + c.treasury().display() + ", not "
                        + c.amount().display());
        return List.of(new CommunityFundsGranted(c.proposal(), c.milestone(), c.recipient(), c.amount(), c.at()));
    }

    public boolean isGranted(ProposalId proposal, int milestone) {
        return granted.contains(proposal + "/" + milestone);
    }

    /** The network has one upgrade before it: a later vote takes the place of one that has not begun. */
    private List<ProtocolEvent> announce(AnnounceUpgrade c) {
        return upgrade != null && upgrade.proposal().equals(c.proposal())
                ? List.of()
                : List.of(new UpgradeAnnounced(c.proposal(), c.version(), c.artifact(), c.activationEpoch(), c.at()));
    }

    /** The first epoch that an upgrade may begin with which is neither in force nor called off; null where there is none. */
    public @Nullable Long upgradeDue() {
        if (upgrade == null) {
            return null;
        }
        if (progress == null) {
            return upgrade.activationEpoch();
        }
        return progress.stage() == UpgradeProgress.Stage.ANNOUNCED ? progress.activationEpoch() : null;
    }

    private List<ProtocolEvent> decideUpgrade(DecideUpgrade c) {
        ProtocolParameters now = current().parameters();
        Upgrades rules = now.economics().governance().upgrade();
        Long due = upgradeDue();
        if (upgrade == null || due == null || rules == null) {
            throw new Refused(Reason.WRONG_STATE, "no upgrade waits to be decided");
        }
        Refused.unless(c.epoch() >= due, Reason.TOO_EARLY, "the upgrade may begin with epoch " + due);
        if (c.readiness().reaches(rules.readyBps())) {
            return List.of(new UpgradeActivated(
                    upgrade.proposal(), upgrade.version(), upgrade.artifact(), c.epoch(), c.readiness(), c.at()));
        }
        String why = c.readiness().says(rules.readyBps());
        if (postponed() >= rules.postponements()) {
            return List.of(new UpgradeCancelled(upgrade.proposal(), c.epoch(), c.readiness(), why, c.at()));
        }
        long until = c.epoch() + (long) rules.postponeDays() * now.timing().epochsPerDay();
        return List.of(new UpgradePostponed(upgrade.proposal(), c.epoch(), until, c.readiness(), why, c.at()));
    }

    private Protocol with(UpgradeProgress next) {
        return new Protocol(network, inForce, this.next, lastDeposit, granted, upgrade, next, pause, canaries, nodes);
    }

    private int postponed() {
        return progress == null ? 0 : progress.postponed();
    }

    /** Never for longer than its limit, nor again before as much time without a pause. */
    private List<ProtocolEvent> pause(PauseNetwork c) {
        ProtocolParameters now = current().parameters();
        Emergency rules = now.economics().emergency();
        if (rules == null) {
            throw new Refused(Reason.NOT_ALLOWED, "this network has no guardian");
        }
        c.authorization().requireBy(rules.guardian());
        boolean text = !c.why().isBlank() && c.why().length() <= Limits.REASON_CHARS;
        Refused.unless(text, Reason.INVALID_SPEC, "why must have 1 to " + Limits.REASON_CHARS + " characters");
        long most = rules.pauseDays() * now.timing().dayMillis();
        Refused.unless(
                c.millis() >= 1 && c.millis() <= most,
                Reason.INVALID_SPEC,
                "millis must lie in 1.." + most + ", is " + c.millis());
        Instant next = pause == null ? Instant.MIN : pause.until().plusMillis(most);
        Refused.unless(
                !c.at().isBefore(next),
                Reason.WRONG_STATE,
                "the last pause ends at " + (pause == null ? "" : pause.until()) + ", the next may begin at " + next);
        return List.of(
                new NetworkPaused(rules.guardian(), c.why(), c.at().plusMillis(c.millis()), c.authorization(), c.at()));
    }

    /** Who writes the history is known by name: the guardian says whose nodes they are. */
    private List<ProtocolEvent> register(RegisterNode c) {
        Emergency rules = current().parameters().economics().emergency();
        if (rules == null) {
            throw new Refused(Reason.NOT_ALLOWED, "this network has no guardian");
        }
        c.authorization().requireBy(rules.guardian());
        if (nodes().contains(c.node()) == c.active()) {
            return List.of();
        }
        Refused.unless(
                !c.active() || nodes().size() < Limits.NODES,
                Reason.LIMIT_REACHED,
                "a network has at most " + Limits.NODES + " registered nodes");
        return List.of(new NodeRegistered(c.node(), c.active(), c.authorization(), c.at()));
    }

    @Override
    public Set<Wallet> nodes() {
        return nodes == null ? Set.of() : nodes;
    }

    private Protocol with(NodeRegistered e) {
        Set<Wallet> all = new HashSet<>(nodes());
        if (e.active()) {
            all.add(e.node());
        } else {
            all.remove(e.node());
        }
        return new Protocol(network, inForce, next, lastDeposit, granted, upgrade, progress, pause, canaries, all);
    }

    /** Whether a pause is in force. */
    public boolean isPaused(Instant at) {
        return pause != null && pause.isInForce(at);
    }

    /** The version in force. Error: {@link Refused} WRONG_STATE before the network began. */
    public ParametersActivated current() {
        if (inForce == null) {
            throw new Refused(Reason.WRONG_STATE, "the network has not begun");
        }
        return inForce;
    }

    /**
     * The version that an epoch runs under, whatever has come into force since; empty where there is none.
     *
     * @param versions oldest first
     */
    public static Optional<ParametersActivated> versionOf(long epoch, List<ParametersActivated> versions) {
        ParametersActivated found = versions.isEmpty() ? null : versions.getFirst();
        for (ParametersActivated version : versions) {
            if (version.fromEpoch() <= epoch) {
                found = version;
            }
        }
        return Optional.ofNullable(found);
    }

    /** The plans that wait to be opened. */
    public CanaryBook book() {
        return canaries == null ? CanaryBook.EMPTY : canaries;
    }

    private Protocol with(CanaryBook book) {
        return new Protocol(network, inForce, next, lastDeposit, granted, upgrade, progress, pause, book, nodes);
    }

    @Override
    public Protocol evolve(ProtocolEvent event) {
        return switch (event) {
            case NetworkBegun e ->
                new Protocol(e, inForce, next, lastDeposit, granted, upgrade, progress, pause, canaries, nodes);
            case ReserveCredited e ->
                new Protocol(network, inForce, next, e.number(), granted, upgrade, progress, pause, canaries, nodes);
            case ParametersScheduled e ->
                new Protocol(network, inForce, e, lastDeposit, granted, upgrade, progress, pause, canaries, nodes);
            case ParametersActivated e ->
                new Protocol(network, e, null, lastDeposit, granted, upgrade, progress, pause, canaries, nodes);
            case CommunityFundsGranted e -> {
                Set<String> all = new HashSet<>(granted);
                all.add(e.proposal() + "/" + e.milestone());
                yield new Protocol(network, inForce, next, lastDeposit, all, upgrade, progress, pause, canaries, nodes);
            }
            case NodeRegistered e -> with(e);
            case CanariesCommitted e -> with(book().with(e));
            case CanariesOpened e -> with(book().without(e));
            case NetworkPaused e ->
                new Protocol(network, inForce, next, lastDeposit, granted, upgrade, progress, e, canaries, nodes);
            case UpgradeAnnounced e ->
                new Protocol(network, inForce, next, lastDeposit, granted, e, null, pause, canaries, nodes);
            case UpgradeActivated e ->
                with(new UpgradeProgress(UpgradeProgress.Stage.ACTIVE, e.epoch(), postponed(), null));
            case UpgradePostponed e ->
                with(new UpgradeProgress(UpgradeProgress.Stage.ANNOUNCED, e.untilEpoch(), postponed() + 1, e.why()));
            case UpgradeCancelled e ->
                with(new UpgradeProgress(UpgradeProgress.Stage.CANCELLED, 0, postponed(), e.why()));
        };
    }
}
