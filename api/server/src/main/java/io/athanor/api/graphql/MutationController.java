package io.athanor.api.graphql;

import io.athanor.api.command.AuthorizeSessionKey;
import io.athanor.api.command.CancelJob;
import io.athanor.api.command.CommandDesk;
import io.athanor.api.command.CommandDesk.Accepted;
import io.athanor.api.command.ListOffer;
import io.athanor.api.command.RegisterChecker;
import io.athanor.api.command.RegisterProvider;
import io.athanor.api.command.RequestWithdrawal;
import io.athanor.api.command.RetireMachine;
import io.athanor.api.command.RevokeSessionKey;
import io.athanor.api.command.SignedCommand;
import io.athanor.api.command.SubmitJob;
import io.athanor.api.command.TopUpJob;
import io.athanor.codec.Json;
import java.util.Map;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.stereotype.Controller;

/** The commands of {@code io.athanor.api.command}: an input is read by the codec as a REST body is. */
@Controller
class MutationController {
    private final CommandDesk desk;

    MutationController(CommandDesk desk) {
        this.desk = desk;
    }

    private Accepted accept(Map<String, Object> input, Class<? extends SignedCommand> command) {
        return desk.accept(Json.readStrict(Json.bytes(input), command));
    }

    @MutationMapping
    Accepted submitJob(@Argument Map<String, Object> input) {
        return accept(input, SubmitJob.class);
    }

    @MutationMapping
    Accepted cancelJob(@Argument Map<String, Object> input) {
        return accept(input, CancelJob.class);
    }

    @MutationMapping
    Accepted topUpJob(@Argument Map<String, Object> input) {
        return accept(input, TopUpJob.class);
    }

    @MutationMapping
    Accepted registerProvider(@Argument Map<String, Object> input) {
        return accept(input, RegisterProvider.class);
    }

    @MutationMapping
    Accepted listOffer(@Argument Map<String, Object> input) {
        return accept(input, ListOffer.class);
    }

    @MutationMapping
    Accepted retireMachine(@Argument Map<String, Object> input) {
        return accept(input, RetireMachine.class);
    }

    @MutationMapping
    Accepted registerChecker(@Argument Map<String, Object> input) {
        return accept(input, RegisterChecker.class);
    }

    @MutationMapping
    Accepted authorizeSessionKey(@Argument Map<String, Object> input) {
        return accept(input, AuthorizeSessionKey.class);
    }

    @MutationMapping
    Accepted revokeSessionKey(@Argument Map<String, Object> input) {
        return accept(input, RevokeSessionKey.class);
    }

    @MutationMapping
    Accepted requestWithdrawal(@Argument Map<String, Object> input) {
        return accept(input, RequestWithdrawal.class);
    }
}
