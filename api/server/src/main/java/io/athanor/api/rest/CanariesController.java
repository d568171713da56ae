package io.athanor.api.rest;

import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.CommitCanaries;
import io.athanor.api.command.OpenCanaries;
import io.athanor.api.web.Reads;
import io.athanor.domain.query.Queries.FindCanary;
import io.athanor.domain.query.Queries.ListCanaries;
import io.athanor.domain.view.CanaryView;
import io.athanor.domain.view.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Mystery-shopper jobs: the shopper fixes and opens its plans, everybody sees them. */
@RestController
@RequestMapping("/v1/canaries")
class CanariesController {
    private final CommandDesk desk;
    private final Reads reads;

    CanariesController(CommandDesk desk, Reads reads) {
        this.desk = desk;
        this.reads = reads;
    }

    @GetMapping
    Page<CanaryView> list(@RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListCanaries(after, Reads.rows(first)), CanaryView.class);
    }

    @GetMapping("/{epoch}")
    CanaryView get(@PathVariable long epoch) {
        return reads.get(new FindCanary(epoch), CanaryView.class, "plan of epoch " + epoch);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted commit(@RequestBody CommitCanaries body) {
        return desk.accept(body);
    }

    @PostMapping("/openings")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted open(@RequestBody OpenCanaries body) {
        return desk.accept(body);
    }
}
