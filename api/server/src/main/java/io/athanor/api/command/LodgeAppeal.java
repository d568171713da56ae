package io.athanor.api.command;

import io.athanor.domain.account.AccountCommand.HoldCaseBond;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.penalty.CaseCommand;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.protocol.ProtocolParameters;
import io.athanor.domain.query.Queries.FindCase;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.CaseView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The accused appeals, with a bond from its account. */
public record LodgeAppeal(
        CaseId id,
        Ath bond,
        String why,
        Authorization authorization,
        @Nullable Long chainId) implements SignedCommand {
    private record Content(CaseId id, Ath bond, String why) {}

    @Override
    public Hash32 struct() {
        return TypedCommands.lodgeAppeal(id, bond, why, authorization.commandId(), authorization.expiresAt());
    }

    @Override
    public Object content() {
        return new Content(id, bond, why);
    }

    @Override
    public List<Command> commands(Surroundings here, Instant at) {
        CaseView file = here.reads().get(new FindCase(id), CaseView.class, "case " + id);
        ProtocolParameters parameters = here.network().parameters();
        Ath least = PenaltyPolicy.appealBond(file.amount(), parameters);
        Refused.unless(
                bond.covers(least), Reason.BOND_TOO_LOW, "the bond of this appeal is at least " + least.display());
        long days = parameters.accountable().penalties().appealDays();
        Instant decideBy = at.plusMillis(days * parameters.timing().dayMillis());
        return List.of(
                new HoldCaseBond(authorization.wallet(), id, bond, authorization, at),
                new CaseCommand.LodgeAppeal(id, bond, why, decideBy, authorization, at));
    }
}
