package io.athanor.api.rest;

import io.athanor.api.web.Network;
import io.athanor.api.web.Reads;
import io.athanor.domain.job.Admission;
import io.athanor.domain.job.JobSpec;
import io.athanor.domain.query.Queries.EstimateJob;
import io.athanor.domain.view.EstimateView;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a job would meet and cost at most, before it is ordered. */
@RestController
@RequestMapping("/v1/estimates")
class EstimatesController {
    private final Reads reads;
    private final Network network;

    EstimatesController(Reads reads, Network network) {
        this.reads = reads;
        this.network = network;
    }

    @PostMapping
    EstimateView estimate(@RequestBody JobSpec spec) {
        Admission.require(spec, network.parameters());
        return reads.one(new EstimateJob(spec), EstimateView.class);
    }
}
