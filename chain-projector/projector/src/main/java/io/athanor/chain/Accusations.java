package io.athanor.chain;

import io.athanor.chain.LedgerTables.BatchRow;
import io.athanor.chain.LedgerTables.Matched;
import io.athanor.chain.LedgerTables.Network;
import io.athanor.chain.MessageTables.Approval;
import io.athanor.chain.MessageTables.Message;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.epoch.MatchLeaf;
import io.athanor.domain.epoch.MatchProof;
import io.athanor.domain.epoch.Mismatch;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.job.JobCommand.HoldAgainstOrder;
import io.athanor.domain.penalty.CaseCommand.OpenCase;
import io.athanor.domain.penalty.Offence.Refutation;
import io.athanor.domain.penalty.Offence.RefutedMatch;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.stake.StakeRules;
import io.athanor.domain.wire.CheckerProtocol.CosignKind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens the case of a refuted match against each checker that signed its batch.
 *
 * <p>Invariant: one case a batch and signer, however often this is repeated; none where the order in the history covers the
 * match, since anybody can show the contract another order of the job.
 */
final class Accusations {
    private final Tables tables;
    private final Orders orders;
    private final InstantSource clock;

    Accusations(Tables tables, Orders orders, InstantSource clock) {
        this.tables = tables;
        this.orders = orders;
        this.clock = clock;
    }

    /** Opens them; says what was opened, or why nothing was. */
    String of(Hash32 jobKey, int fence, Mismatch finding, Wallet reporter, Hash32 transaction, long block) {
        Optional<Matched> matched = tables.ledger().matched(jobKey, fence);
        Long batch = matched.map(Matched::batch).orElse(null);
        if (matched.isEmpty() || batch == null) {
            return "no case: the log has no batch with this match";
        }
        TaskId task = matched.get().task();
        MatchProof proof = proof(task, fence, batch);
        List<Command> commands = new ArrayList<>();
        commands.add(new HoldAgainstOrder(task, finding, proof.price(), clock.instant()));
        Refutation refutation = new Refutation(task, fence, finding, reporter, transaction, block);
        signatures(batch).forEach(approval -> open(proof, approval, refutation).ifPresent(commands::add));
        return send(commands, batch);
    }

    private String send(List<Command> commands, long batch) {
        int cases = commands.size() - 1;
        if (cases == 0) {
            return "no case: nobody is known who signed batch " + batch;
        }
        try {
            orders.send("refuted:" + batch, commands);
            return cases + " signers of batch " + batch + " have a case each";
        } catch (Refused e) {
            return "no case: " + e.getMessage();
        }
    }

    private List<Approval> signatures(long batch) {
        return tables.messages().signatures(message(batch));
    }

    private Message message(long batch) {
        return tables.messages().find(CosignKind.BATCH, batch).orElseThrow();
    }

    private MatchProof proof(TaskId task, int fence, long batch) {
        BatchRow row = tables.ledger().batch(batch).orElseThrow();
        List<byte[]> leaves = tables.ledger().leaves(batch);
        return MatchProof.of(
                row.batch(),
                row.epoch(),
                message(batch).setVersion(),
                leaves,
                MatchLeaf.matchIn(leaves, task, fence),
                MatchLeaf.agreementIn(leaves, task, fence));
    }

    /** Empty for a key that was never eligible: whose it is, nobody knows. */
    private Optional<Command> open(MatchProof proof, Approval approval, Refutation refutation) {
        Network network = tables.ledger().network().orElseThrow();
        ProtocolParameters parameters = tables.ledger().parameters().orElseThrow();
        Instant since = tables.ledger().endOf(proof.epoch());
        return tables.signers().checkerOf(approval.signer()).map(checker -> {
            RefutedMatch offence = new RefutedMatch(
                    PoolId.ofChecker(checker), approval.signer(), proof, approval.signature(), refutation, since);
            Instant at = clock.instant();
            // What is at risk follows from the pool: the case's process freezes it as soon as it sees the case.
            return new OpenCase(
                    offence.caseId(),
                    offence,
                    PenaltyPolicy.rateBps(offence, null, at, parameters),
                    Ath.ZERO,
                    StakeRules.day(since, network.genesis(), parameters.timing()),
                    PenaltyPolicy.versionOf(offence, parameters),
                    null,
                    at);
        });
    }
}
