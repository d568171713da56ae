package io.athanor.api.rest;

import io.athanor.api.web.Reads;
import io.athanor.domain.common.JobId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.TaskId;
import io.athanor.domain.job.Receipt;
import io.athanor.domain.port.BlobStore;
import io.athanor.domain.view.TaskView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a job's tasks left in {@code /out}, as their receipts list it. */
@RestController
@RequestMapping("/v1/jobs/{id}/outputs")
class OutputsController {
    private final Reads reads;
    private final BlobStore blobs;

    OutputsController(Reads reads, BlobStore blobs) {
        this.reads = reads;
        this.blobs = blobs;
    }

    /** One output file, and whether its content is stored. */
    record OutputFile(TaskId task, String path, Sha256 sha256, long bytes, boolean stored) {}

    record Outputs(List<OutputFile> items) {}

    @GetMapping
    Outputs list(@PathVariable JobId id) {
        return new Outputs(
                Tasks.owned(reads, id).tasks().stream().flatMap(this::files).toList());
    }

    private Stream<OutputFile> files(TaskView task) {
        Receipt receipt = task.receipt();
        return receipt == null
                ? Stream.empty()
                : receipt.outputs().stream()
                        .map(output -> new OutputFile(
                                task.id(),
                                output.path(),
                                output.sha256(),
                                output.bytes(),
                                blobs.size(output.sha256()).isPresent()));
    }

    /** One file; the path is as in the list. */
    @GetMapping("/{task}/{*path}")
    void download(
            @PathVariable JobId id, @PathVariable int task, @PathVariable String path, HttpServletResponse response)
            throws IOException {
        String wanted = path.substring(1);
        OutputFile file = files(Tasks.of(Tasks.owned(reads, id), task))
                .filter(output -> output.path().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new Refused(Reason.NOT_FOUND, "task " + task + " left no file " + wanted));
        Blobs.send(blobs, file.sha256(), response);
    }
}
