package io.athanor.api.rest;

import io.athanor.api.web.Reads;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.epoch.LeafKind;
import io.athanor.domain.query.Queries.FindBatch;
import io.athanor.domain.query.Queries.FindEpoch;
import io.athanor.domain.query.Queries.FindProof;
import io.athanor.domain.query.Queries.FindRound;
import io.athanor.domain.query.Queries.ListBatches;
import io.athanor.domain.query.Queries.ListEpochs;
import io.athanor.domain.query.Queries.ListRounds;
import io.athanor.domain.view.BatchView;
import io.athanor.domain.view.EpochView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProofView;
import io.athanor.domain.view.RoundView;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The books: epochs, attestation rounds, settlement batches, and proofs that a task is in one. */
@RestController
@RequestMapping("/v1")
class BooksController {
    private final Reads reads;

    BooksController(Reads reads) {
        this.reads = reads;
    }

    @GetMapping("/epochs")
    Page<EpochView> epochs(@RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListEpochs(after, Reads.rows(first)), EpochView.class);
    }

    @GetMapping("/epochs/{epoch}")
    EpochView epoch(@PathVariable long epoch) {
        return reads.get(new FindEpoch(epoch), EpochView.class, "epoch " + epoch);
    }

    @GetMapping("/rounds")
    Page<RoundView> rounds(
            @RequestParam @Nullable Long epoch,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable Integer first) {
        return reads.page(new ListRounds(epoch, after, Reads.rows(first)), RoundView.class);
    }

    @GetMapping("/rounds/{id}")
    RoundView round(@PathVariable RoundId id) {
        return reads.get(new FindRound(id), RoundView.class, "round " + id);
    }

    @GetMapping("/batches")
    Page<BatchView> batches(@RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListBatches(after, Reads.rows(first)), BatchView.class);
    }

    @GetMapping("/batches/{seq}")
    BatchView batch(@PathVariable long seq) {
        return reads.get(new FindBatch(seq), BatchView.class, "batch " + seq);
    }

    @GetMapping("/proofs/{task}")
    ProofView proof(@PathVariable TaskId task, @RequestParam(defaultValue = "SETTLEMENT") LeafKind leaf) {
        return reads.get(new FindProof(task, leaf), ProofView.class, "batch with task " + task + " yet");
    }
}
