package io.athanor.api.rest;

import io.athanor.api.agent.EnrolmentTokens;
import io.athanor.api.agent.EnrolmentTokens.EnrolmentToken;
import io.athanor.api.auth.Caller;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.ListOffer;
import io.athanor.api.command.RetireMachine;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.query.Queries.FindProvider;
import io.athanor.domain.query.Queries.ListMachines;
import io.athanor.domain.view.MachineView;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.ProviderView;
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

/** Machines: enrolment tokens, offers, and what is there. */
@RestController
@RequestMapping("/v1/machines")
class MachinesController {

    private final CommandDesk desk;
    private final Reads reads;
    private final EnrolmentTokens tokens;

    MachinesController(CommandDesk desk, Reads reads, EnrolmentTokens tokens) {
        this.desk = desk;
        this.reads = reads;
        this.tokens = tokens;
    }

    @PostMapping("/enrolment-tokens")
    @ResponseStatus(HttpStatus.CREATED)
    EnrolmentToken token() {
        Wallet wallet = Caller.current(Caller.Account.class).wallet();
        if (reads.find(new FindProvider(wallet), ProviderView.class).isEmpty()) {
            throw new Refused(
                    Reason.NOT_FOUND,
                    wallet + " is no provider",
                    "Register it first: POST /v1/providers, signed by it.");
        }
        return tokens.make(wallet);
    }

    @GetMapping
    Page<MachineView> list(
            @RequestParam @Nullable Wallet provider,
            @RequestParam @Nullable String after,
            @RequestParam @Nullable Integer first) {
        return reads.page(new ListMachines(provider, after, Reads.rows(first)), MachineView.class);
    }

    @GetMapping("/{id}")
    MachineView get(@PathVariable MachineId id) {
        return reads.get(new FindMachine(id), MachineView.class, "machine " + id);
    }

    @PostMapping("/{id}/offer")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted offer(@PathVariable MachineId id, @RequestBody ListOffer body) {
        Refused.unless(id.equals(body.machine()), Reason.MALFORMED, "machine is not the path's machine");
        return desk.accept(body);
    }

    @PostMapping("/{id}/retire")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted retire(@PathVariable MachineId id, @RequestBody RetireMachine body) {
        Refused.unless(id.equals(body.machine()), Reason.MALFORMED, "machine is not the path's machine");
        return desk.accept(body);
    }
}
