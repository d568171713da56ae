package io.athanor.query.answer;

import io.athanor.domain.protocol.ProtocolEvent.ParametersActivated;
import io.athanor.domain.query.Queries.CurrentParameters;
import io.athanor.domain.query.Queries.FindBatch;
import io.athanor.domain.query.Queries.FindCanary;
import io.athanor.domain.query.Queries.FindEpoch;
import io.athanor.domain.query.Queries.FindProof;
import io.athanor.domain.query.Queries.ListBatches;
import io.athanor.domain.query.Queries.ListCanaries;
import io.athanor.domain.query.Queries.ListEpochs;
import io.athanor.domain.query.Queries.ListPauses;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.PauseView;
import io.athanor.domain.view.ProofView;
import io.athanor.query.table.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers about epochs, batches, proofs and parameters. */
final class EpochAnswers {
    private static final Mapping<EpochView> EPOCH = Mapping.of(EpochView.class);
    private static final Mapping<BatchView> BATCH = Mapping.of(BatchView.class);
    private static final Mapping<CanaryView> CANARY = Mapping.of(CanaryView.class);
    private static final Mapping<PauseView> PAUSE = Mapping.of(PauseView.class);
    private static final Mapping<Parameters> PARAMETERS = Mapping.of(Parameters.class);

    private final Answers answers;

    EpochAnswers(Answers answers) {
        this.answers = answers;
    }

    List<Answer<?>> all() {
        return List.of(
                Answer.find(FindEpoch.class, EpochView.class, this::epoch),
                Answer.page(ListEpochs.class, this::epochs),
                Answer.find(FindBatch.class, BatchView.class, this::batch),
                Answer.page(ListBatches.class, this::batches),
                Answer.find(FindProof.class, ProofView.class, this::proof),
                Answer.find(CurrentParameters.class, ParametersActivated.class, this::parameters),
                Answer.page(ListPauses.class, this::pauses),
                Answer.page(ListCanaries.class, this::canaries),
                Answer.find(FindCanary.class, CanaryView.class, this::canary));
    }

    private record Parameters(ParametersActivated parameters) {}

    private Optional<EpochView> epoch(FindEpoch query) {
        return answers.find(EPOCH, "SELECT * FROM view.epoch WHERE epoch = :epoch", Map.of("epoch", query.epoch()));
    }

    private Page<EpochView> epochs(ListEpochs query) {
        return answers.page(
                EPOCH,
                "SELECT *, epoch AS cursor FROM view.epoch WHERE epoch < :after ORDER BY epoch DESC LIMIT :rows",
                Map.of("after", Answers.number(query.after(), Long.MAX_VALUE)),
                query.first());
    }

    private Optional<BatchView> batch(FindBatch query) {
        return answers.find(BATCH, "SELECT * FROM view.batch WHERE seq = :seq", Map.of("seq", query.seq()));
    }

    private Page<BatchView> batches(ListBatches query) {
        return answers.page(
                BATCH,
                "SELECT *, seq AS cursor FROM view.batch WHERE seq < :after ORDER BY seq DESC LIMIT :rows",
                Map.of("after", Answers.number(query.after(), Long.MAX_VALUE)),
                query.first());
    }

    private Optional<ProofView> proof(FindProof query) {
        return answers.snapshot(handle -> Proofs.of(handle, query.task(), query.leaf()));
    }

    private Page<PauseView> pauses(ListPauses query) {
        return answers.page(
                PAUSE,
                "SELECT *, global_index AS cursor FROM view.network_pause WHERE global_index < :after"
                        + " ORDER BY global_index DESC LIMIT :rows",
                Map.of("after", Answers.number(query.after(), Long.MAX_VALUE)),
                query.first());
    }

    private Page<CanaryView> canaries(ListCanaries query) {
        return answers.page(
                CANARY,
                "SELECT *, epoch AS cursor FROM view.canary WHERE epoch < :after ORDER BY epoch DESC LIMIT :rows",
                Map.of("after", Answers.number(query.after(), Long.MAX_VALUE)),
                query.first());
    }

    private Optional<CanaryView> canary(FindCanary query) {
        return answers.find(CANARY, "SELECT * FROM view.canary WHERE epoch = :epoch", Map.of("epoch", query.epoch()));
    }

    private Optional<ParametersActivated> parameters(CurrentParameters query) {
        return answers.find(
                        PARAMETERS, "SELECT parameters FROM view.parameters ORDER BY version DESC LIMIT 1", Map.of())
                .map(Parameters::parameters);
    }
}
