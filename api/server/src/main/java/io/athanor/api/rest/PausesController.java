package io.athanor.api.rest;

import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.PauseNetwork;
import io.athanor.api.web.Reads;
import io.athanor.domain.query.Queries.ListPauses;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.PauseView;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Emergency pauses: the guardian makes them, everybody sees them. */
@RestController
@RequestMapping("/v1/pauses")
class PausesController {
    private final CommandDesk desk;
    private final Reads reads;

    PausesController(CommandDesk desk, Reads reads) {
        this.desk = desk;
        this.reads = reads;
    }

    @GetMapping
    Page<PauseView> list(@RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListPauses(after, Reads.rows(first)), PauseView.class);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted pause(@RequestBody PauseNetwork body) {
        return desk.accept(body);
    }
}
