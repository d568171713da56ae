package io.athanor.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.account.AccountCommand.CreditDeposit;
import io.athanor.domain.account.AccountEvent.DepositCredited;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.protocol.ProtocolCommand.CreditReserve;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.protocol.ProtocolEvent.ReserveCredited;
import io.athanor.domain.stake.StakePoolCommand.CreditBond;
import io.athanor.domain.stake.StakePoolEvent.StakeBonded;
import io.athanor.domain.testing.Samples;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InboundTest {
    private static final Instant NOW = Samples.START;
    private static final Hash32 TX = Hash32.keccak(new byte[] {1});
    private static final Ath AMOUNT = Ath.ofWhole(3);
    private static final Wallet WALLET = Wallet.parse("0x00000000000000000000000000000000000a11ce");

    private static Inbound inbound(int kind, Hash32 beneficiary) {
        return new Inbound(7, kind, beneficiary, AMOUNT, TX, 40);
    }

    @Test
    void eachKindBecomesItsCommandAndComesBackAsTheSame() {
        Inbound deposit = Inbound.of(new DepositCredited(WALLET, 7, AMOUNT, TX, 40, NOW));
        assertThat(deposit.command(NOW)).isEqualTo(new CreditDeposit(WALLET, 7, AMOUNT, TX, 40, NOW));
        PoolId pool = PoolId.ofChecker(WALLET);
        Inbound bond = Inbound.of(new StakeBonded(pool, 7, AMOUNT, TX, 40, NOW));
        assertThat(bond.command(NOW)).isEqualTo(new CreditBond(pool, 7, AMOUNT, TX, 40, NOW));
        for (Reserve reserve : Reserve.values()) {
            Inbound funded = Inbound.of(new ReserveCredited(7, reserve, AMOUNT, TX, 40, NOW));
            assertThat(funded.command(NOW)).isEqualTo(new CreditReserve(7, reserve, AMOUNT, TX, 40, NOW));
        }
    }

    @Test
    void whatTheVaultCannotHaveMeantHalts() {
        Hash32 word = Hash32.keccak(new byte[] {2});
        assertThatThrownBy(() -> inbound(3, Hash32.ZERO).command(NOW))
                .isInstanceOf(Halted.class)
                .hasMessage("transfer 7 has the unknown kind 3");
        for (int kind = 0; kind < 3; kind++) {
            Inbound unknown = inbound(kind, word);
            assertThatThrownBy(() -> unknown.command(NOW))
                    .isInstanceOf(Halted.class)
                    .hasMessage("transfer 7 has the unknown beneficiary " + word);
        }
    }

    @Test
    void anotherBlockIsTheSameContent() {
        Inbound one = inbound(0, Hash32.ZERO);
        assertThat(one.sameContent(new Inbound(7, 0, Hash32.ZERO, AMOUNT, Hash32.ZERO, 41)))
                .isTrue();
        assertThat(one.sameContent(new Inbound(7, 1, Hash32.ZERO, AMOUNT, TX, 40)))
                .isFalse();
        assertThat(one.sameContent(new Inbound(7, 0, TX, AMOUNT, TX, 40))).isFalse();
        assertThat(one.sameContent(new Inbound(7, 0, Hash32.ZERO, Ath.ofWhole(4), TX, 40)))
                .isFalse();
    }
}
