package io.athanor.api.rest;

import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.RegisterNode;
import io.athanor.api.web.Reads;
import io.athanor.domain.query.Queries.ListNodes;
import io.athanor.domain.view.NodesView;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The control plane's nodes: the guardian names them, upgrades wait for them, everybody sees them. */
@RestController
@RequestMapping("/v1/nodes")
class NodesController {
    private final CommandDesk desk;
    private final Reads reads;

    NodesController(CommandDesk desk, Reads reads) {
        this.desk = desk;
        this.reads = reads;
    }

    @GetMapping
    NodesView list() {
        return reads.one(new ListNodes(), NodesView.class);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted register(@RequestBody RegisterNode body) {
        return desk.accept(body);
    }
}
