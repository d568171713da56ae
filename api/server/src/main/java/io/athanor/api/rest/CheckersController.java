package io.athanor.api.rest;

import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.RegisterChecker;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.query.Queries.FindChecker;
import io.athanor.domain.query.Queries.ListCheckers;
import io.athanor.domain.view.CheckerView;
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

/** Checkers: register and look. */
@RestController
@RequestMapping("/v1/checkers")
class CheckersController {
    private final CommandDesk desk;
    private final Reads reads;

    CheckersController(CommandDesk desk, Reads reads) {
        this.desk = desk;
        this.reads = reads;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted register(@RequestBody RegisterChecker body) {
        return desk.accept(body);
    }

    @GetMapping
    Page<CheckerView> list(@RequestParam @Nullable String after, @RequestParam @Nullable Integer first) {
        return reads.page(new ListCheckers(after, Reads.rows(first)), CheckerView.class);
    }

    @GetMapping("/{wallet}")
    CheckerView get(@PathVariable Wallet wallet) {
        return reads.get(new FindChecker(wallet), CheckerView.class, "checker " + wallet);
    }
}
