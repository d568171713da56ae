package io.athanor.chain;

import io.athanor.contracts.wrapper.AthVault;
import io.athanor.contracts.wrapper.AthVault.BondReleasedEventResponse;
import io.athanor.contracts.wrapper.AthVault.ClaimedEventResponse;
import io.athanor.contracts.wrapper.AthVault.WithdrawalRootPostedEventResponse;
import io.athanor.domain.account.AccountCommand.RecordPayout;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import org.web3j.abi.EventEncoder;
import org.web3j.protocol.core.methods.response.Log;

/** What the vault did with withdrawals, from final blocks: roots posted or disabled, and claims paid. */
final class VaultEvents {
    static final String CLAIMED = EventEncoder.encode(AthVault.CLAIMED_EVENT);
    static final String POSTED = EventEncoder.encode(AthVault.WITHDRAWALROOTPOSTED_EVENT);
    static final String RELEASED = EventEncoder.encode(AthVault.BONDRELEASED_EVENT);
    static final String DISABLED = EventEncoder.encode(AthVault.WITHDRAWALROOTDISABLED_EVENT);

    private final PayoutTables payouts;
    private final BondTables bonds;
    private final Orders orders;
    private final InstantSource clock;

    VaultEvents(PayoutTables payouts, BondTables bonds, Orders orders, InstantSource clock) {
        this.payouts = payouts;
        this.bonds = bonds;
        this.orders = orders;
        this.clock = clock;
    }

    /** Takes one; says whether it is a claim. Error: {@link Halted} for a payment that nobody asked for, or a release that
     * the log does not know. */
    boolean take(Log log) {
        String topic = log.getTopics().getFirst();
        if (topic.equals(CLAIMED)) {
            claimed(log);
            return true;
        }
        if (topic.equals(POSTED)) {
            WithdrawalRootPostedEventResponse posted = AthVault.getWithdrawalRootPostedEventFromLog(log);
            payouts.posted(posted.number.longValueExact(), time(posted.activeAt), time(posted.lateAt));
        } else if (topic.equals(RELEASED)) {
            released(log);
        } else if (topic.equals(DISABLED)) {
            payouts.disabled(
                    AthVault.getWithdrawalRootDisabledEventFromLog(log).number.longValueExact());
        }
        return false;
    }

    private static Instant time(BigInteger second) {
        return Instant.ofEpochSecond(second.longValueExact());
    }

    /** What a penalty took is held against its case by {@link RecordEvents}, and counts here as released. */
    private void released(Log log) {
        BondReleasedEventResponse event = AthVault.getBondReleasedEventFromLog(log);
        PoolId pool = PoolId.ofWord(Hash32.of(event.pool));
        Ath released = new Ath(event.released);
        boolean byPenalty = event.number.signum() == 0;
        if (!byPenalty && !bonds.released(pool).covers(released)) {
            throw new Halted("the vault released " + released + " wei of the bond of " + pool + ", the log only "
                    + bonds.released(pool));
        }
        bonds.releasedOnChain(
                pool, new Ath(event.amount), released, log.getBlockNumber().longValueExact());
    }

    private void claimed(Log log) {
        ClaimedEventResponse claimed = AthVault.getClaimedEventFromLog(log);
        Wallet wallet = Wallet.parse(claimed.account);
        Ath paid = new Ath(claimed.paid);
        if (payouts.asked(wallet).paid().covers(paid)) {
            return;
        }
        try {
            orders.send(
                    "claim:" + log.getTransactionHash(),
                    new RecordPayout(
                            wallet,
                            paid,
                            Hash32.parse(log.getTransactionHash()),
                            log.getBlockNumber().longValueExact(),
                            clock.instant()));
        } catch (Refused e) {
            throw new Halted(
                    "the vault paid " + wallet + " " + paid + " wei in all, and the log refuses it: " + e.getMessage());
        }
    }
}
