package io.athanor.audit;

import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Event;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import java.util.function.Consumer;

/** Takes the vault's numbers in order: every transfer into the vault is in the log once, and nothing else is. */
final class CustodyCheck implements Check {
    private long last;

    @Override
    public void look(World before, Event event, Consumer<String> problem) {
        switch (event) {
            case DepositCredited e -> number(e.number(), problem);
            case StakeBonded e -> number(e.number(), problem);
            case ReserveCredited e -> number(e.number(), problem);
            default -> {
                // Not custody.
            }
        }
    }

    private void number(long number, Consumer<String> problem) {
        if (number != last + 1) {
            problem.accept("transfer " + number + " of the vault follows " + last);
        }
        last = number;
    }
}
