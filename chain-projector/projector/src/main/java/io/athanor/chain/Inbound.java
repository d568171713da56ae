package io.athanor.chain;

import io.athanor.contracts.wrapper.AthVault;
import io.athanor.contracts.wrapper.AthVault.InboundEventResponse;
import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Command;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolCommand.CreditReserve;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import java.math.BigInteger;
import java.time.Instant;
import org.web3j.protocol.core.methods.response.Log;

/**
 * One numbered transfer into the vault.
 *
 * @param kind 0 deposit to an account, 1 bond to a pool, 2 into an emission reserve
 * @param beneficiary account, pool or bucket as a word
 */
record Inbound(long number, int kind, Hash32 beneficiary, Ath amount, Hash32 transaction, long block) {
    static final int DEPOSIT = 0;
    static final int BOND = 1;
    static final int RESERVE = 2;
    private static final int ADDRESS_BITS = 160;

    /** As the vault logged it. */
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

    static Inbound of(DepositCredited e) {
        return new Inbound(
                e.number(),
                DEPOSIT,
                word(new BigInteger(1, e.wallet().bytes())),
                e.amount(),
                e.transaction(),
                e.block());
    }

    static Inbound of(StakeBonded e) {
        return new Inbound(e.number(), BOND, e.pool().word(), e.amount(), e.transaction(), e.block());
    }

    static Inbound of(ReserveCredited e) {
        BigInteger bucket = BigInteger.valueOf(e.reserve() == Reserve.PROVIDER ? 1 : 2);
        return new Inbound(e.number(), RESERVE, word(bucket), e.amount(), e.transaction(), e.block());
    }

    private static Hash32 word(BigInteger value) {
        return new Hash32(String.format("0x%064x", value));
    }

    /** Whether the same money goes to the same place; a reorganisation may have moved it to another block. */
    boolean sameContent(Inbound other) {
        return kind == other.kind && beneficiary.equals(other.beneficiary) && amount.equals(other.amount);
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
        BigInteger value = new BigInteger(1, beneficiary.bytes());
        if (value.bitLength() > ADDRESS_BITS) {
            throw new IllegalArgumentException("not an account: " + beneficiary);
        }
        return Wallet.parse(String.format("0x%040x", value));
    }

    private Reserve reserve() {
        if (beneficiary.equals(word(BigInteger.ONE))) {
            return Reserve.PROVIDER;
        }
        if (beneficiary.equals(word(BigInteger.TWO))) {
            return Reserve.CHECKER;
        }
        throw new IllegalArgumentException("not a bucket: " + beneficiary);
    }
}
