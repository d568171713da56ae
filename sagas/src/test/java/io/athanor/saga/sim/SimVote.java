package io.athanor.saga.sim;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountCommand.LodgeDeposit;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.governance.Measure;
import io.athanor.domain.governance.PowerSnapshot;
import io.athanor.domain.governance.ProposalCommand.CastVote;
import io.athanor.domain.governance.ProposalCommand.SubmitProposal;
import io.athanor.domain.governance.ProposalEvent.VotingOpened;
import io.athanor.domain.governance.ProposalId;
import io.athanor.domain.governance.Tally.Choice;
import io.athanor.domain.port.CommittedEvents.Committed;
import io.athanor.domain.protocol.Economy.Governance;
import io.athanor.domain.protocol.Protocol;
import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.stake.StakePool;
import io.athanor.domain.stake.StakePoolEvent;
import io.athanor.domain.stake.StakeRules;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A proposal, and people who are for it as soon as they are asked. */
public final class SimVote implements SimNetwork.Actor {
    private static final long SIGNATURE = 7_000;

    private final SimNetwork network;
    private final ProposalId proposal;
    private final List<Wallet> voters;
    private final PowerSnapshot power;
    private final long signature;

    private SimVote(SimNetwork network, ProposalId proposal, List<Wallet> voters, PowerSnapshot power, long signature) {
        this.network = network;
        this.signature = signature;
        this.proposal = proposal;
        this.voters = voters;
        this.power = power;
    }

    /** Everybody with stake is for it, and the strongest of them proposes it. */
    public static ProposalId on(SimNetwork network, long number, Measure measure) {
        ProposalId id = new ProposalId(new UUID(8, number));
        long signature = SIGNATURE + 2 * number;
        ParametersActivated current =
                ((Protocol) network.log().state(new StreamId(StreamId.PROTOCOL, "athanor"))).current();
        Governance rules = current.parameters().economics().governance();
        PowerSnapshot power = PowerSnapshot.of(pools(network), day(network), rules.fullLockDays());
        List<Wallet> voters = power.lines().keySet().stream().sorted().toList();
        Wallet proposer = Collections.max(voters, Comparator.comparing(power::powerOf));
        network.add(new SimVote(network, id, voters, power, signature + 1));
        Ath deposit = rules.deposit();
        network.send(new CreditDeposit(proposer, 1, deposit, Samples.hash("deposit" + id), 5, network.now()));
        network.send(
                new SubmitProposal(
                        id,
                        proposer,
                        "a change",
                        measure,
                        power.powerOf(proposer),
                        power.total(),
                        current,
                        epoch(network),
                        day(network),
                        Samples.signed(proposer, signature),
                        network.now()),
                new LodgeDeposit(proposer, id, deposit, Samples.signed(proposer, signature), network.now()));
        return id;
    }

    private static Map<PoolId, StakePool> pools(SimNetwork network) {
        Map<PoolId, StakePool> pools = new TreeMap<>();
        network.all(StakePoolEvent.class)
                .forEach(e -> pools.put(e.pool(), (StakePool) network.log().state(e.stream())));
        return pools;
    }

    private static long day(SimNetwork network) {
        return StakeRules.day(network.now(), Samples.GENESIS, Samples.DEVNET.timing());
    }

    private static long epoch(SimNetwork network) {
        long since = network.now().toEpochMilli() - Samples.GENESIS.toEpochMilli();
        return since / Samples.DEVNET.timing().epochMillis();
    }

    @Override
    public void on(Committed event) {
        if (event.event() instanceof VotingOpened e && e.proposal().equals(proposal)) {
            voters.forEach(voter -> network.in(100, () -> vote(voter)));
        }
    }

    private void vote(Wallet voter) {
        network.send(new CastVote(
                proposal,
                voter,
                Choice.FOR,
                power.of(voter),
                day(network),
                Samples.signed(voter, signature),
                network.now()));
    }
}
