package io.athanor.chain;

import io.athanor.contracts.wrapper.AthVault;
import io.athanor.contracts.wrapper.AthVault.InboundEventResponse;
import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolCommand.CreditReserve;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import java.time.Instant;
import org.web3j.protocol.core.methods.response.Log;

/**
 * One numbered transfer into the vault.
 *
 * @param kind 0 deposit to an account, 1 bond to a pool, 2 into an emission reserve
 * @param beneficiary account, pool or bucket as a word
 */
record Inbound(long number, int kind, Hash32 beneficiary, Ath amount, Hash32 transaction, long block) {
    private static final int DEPOSIT = 0;
    private static final int BOND = 1;
    private static final int RESERVE = 2;

    static Inbound of(Log log) {
        InboundEventResponse event = AthVault.getInboundEventFromLog(log);
        return new Inbound(
                event.number.longValueExact(),
                event.kind.intValueExact(),
                Hash32.of(event.beneficiary),
                new Ath(event.amount),
                Hash32.parse(log.getTransactionHash()),
                log.getBlockNumber().longValueExact());
    }

    /** The order it becomes. Error: {@link Halted} for a kind or beneficiary that the vault cannot have meant. */
    Command command(Instant at) {
        try {
            return switch (kind) {
                case DEPOSIT -> new CreditDeposit(account(), number, amount, transaction, block, at);
                case BOND -> new CreditBond(PoolId.ofWord(beneficiary), number, amount, transaction, block, at);
                case RESERVE -> new CreditReserve(number, reserve(), amount, transaction, block, at);
                default -> throw new Halted("transfer " + number + " has the unknown kind " + kind);
            };
        } catch (IllegalArgumentException e) {
            throw new Halted("transfer " + number + " has the unknown beneficiary " + beneficiary);
        }
    }

    private Wallet account() {
        return Wallet.parse("0x" + beneficiary.hex().substring(26));
    }

    private Reserve reserve() {
        int bucket = new java.math.BigInteger(1, beneficiary.bytes()).intValueExact();
        return switch (bucket) {
            case 1 -> Reserve.PROVIDER;
            case 2 -> Reserve.CHECKER;
            default -> throw new IllegalArgumentException("bucket " + bucket);
        };
    }
}
