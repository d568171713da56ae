package io.athanor.api.rest;

import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.RegisterProvider;
import io.athanor.api.web.Reads;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.query.Queries.FindProvider;
import io.athanor.domain.view.ProviderView;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Providers: register and look. */
@RestController
@RequestMapping("/v1/providers")
class ProvidersController {
    private final CommandDesk desk;
    private final Reads reads;

    ProvidersController(CommandDesk desk, Reads reads) {
        this.desk = desk;
        this.reads = reads;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted register(@RequestBody RegisterProvider body) {
        return desk.accept(body);
    }

    @GetMapping("/{wallet}")
    ProviderView get(@PathVariable Wallet wallet) {
        return reads.get(new FindProvider(wallet), ProviderView.class, "provider " + wallet);
    }
}
