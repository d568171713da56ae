package io.athanor.api.rest;

import io.athanor.api.auth.Caller;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.port.EventSource;
import io.athanor.domain.port.ParkedInstances;
import io.athanor.domain.port.ParkedInstances.Parked;
import io.athanor.domain.port.ViewOperations;
import io.athanor.domain.port.ViewOperations.Letter;
import io.athanor.domain.port.ViewOperations.Rebuild;
import io.athanor.domain.port.ViewOperations.Retried;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What an operator sees and does: letters that the views could not take, parked work, and views made anew. */
@RestController
@RequestMapping("/v1/ops")
class OperatorController {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorController.class);

    private final ViewOperations views;
    private final ParkedInstances parked;
    private final EventSource events;
    private final Reads reads;

    OperatorController(ViewOperations views, ParkedInstances parked, EventSource events, Reads reads) {
        this.views = views;
        this.parked = parked;
        this.events = events;
        this.reads = reads;
    }

    /**
     * What needs a hand, at one look.
     *
     * @param head index of the newest stored event
     * @param viewsAsOf index of the newest event that the views know
     * @param deadLetters that the views could not take, counted up to {@code Limits.PAGE_ROWS}
     * @param parked instances that failed too often
     */
    record Overview(long head, long viewsAsOf, int deadLetters, int parked, Rebuild rebuild) {}

    record Letters(List<Letter> items) {}

    record ParkedList(List<Parked> items) {}

    record StreamOfLetters(String projection, String stream) {}

    record GivenUp(String projection, long index, String reason) {}

    record ParkedInstance(String instance) {}

    @GetMapping("/overview")
    Overview overview() {
        long head = events.head();
        long asOf = reads.viewsAsOf();
        return new Overview(
                head,
                asOf,
                views.letters(Limits.PAGE_ROWS).size(),
                parked.list().size(),
                views.rebuildState());
    }

    @GetMapping("/dead-letters")
    Letters letters(@RequestParam @Nullable Integer first) {
        return new Letters(views.letters(Reads.rows(first)));
    }

    @PostMapping("/dead-letters/retry")
    Retried retry(@RequestBody StreamOfLetters body) {
        said("retries the dead letters of " + body.stream());
        return views.retry(body.projection(), body.stream());
    }

    @PostMapping("/dead-letters/drop")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void drop(@RequestBody GivenUp body) {
        String operator = said("drops dead letter " + body.index() + " of " + body.projection());
        views.drop(body.projection(), body.index(), body.reason(), operator);
    }

    @GetMapping("/parked")
    ParkedList parked() {
        return new ParkedList(parked.list());
    }

    @PostMapping("/parked/retry")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void retry(@RequestBody ParkedInstance body) {
        said("retries " + body.instance());
        Refused.unless(parked.retry(body.instance()), Reason.NOT_FOUND, "nothing parked is called " + body.instance());
    }

    @GetMapping("/views/rebuild")
    Rebuild rebuildState() {
        return views.rebuildState();
    }

    @PostMapping("/views/rebuild")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Rebuild rebuild() {
        said("rebuilds all views");
        return views.rebuild();
    }

    /** Keeps who did what in the node's log; the operator's wallet. */
    private static String said(String what) {
        String operator = Caller.current(Caller.Account.class).wallet().toString();
        LOG.info("operator {} {}", operator, what);
        return operator;
    }
}
