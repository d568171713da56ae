package io.athanor.domain.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.protocol.ProtocolCommand.Reserve;
import io.athanor.domain.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerAccountTest {
    private static final Wallet WALLET = new Samples(15).wallet();

    @Test
    void everyKindReadsBackItsText() {
        for (LedgerAccount account : new LedgerAccount[] {
            LedgerAccount.EXTERNAL,
            LedgerAccount.TREASURY,
            LedgerAccount.BURNED,
            LedgerAccount.available(WALLET),
            LedgerAccount.held(WALLET),
            LedgerAccount.withdrawing(WALLET),
            LedgerAccount.clearing(12),
            LedgerAccount.reserve(Reserve.CHECKER),
            LedgerAccount.pool(PoolId.ofChecker(WALLET)),
            LedgerAccount.penalty(new CaseId(new Samples(16).uuid()))
        }) {
            assertThat(LedgerAccount.parse(account.toString())).isEqualTo(account);
        }
        assertThat(LedgerAccount.reserve(Reserve.PROVIDER)).hasToString("reserve:provider");
        assertThat(LedgerAccount.clearing(12)).hasToString("clearing:12");
        assertThat(LedgerAccount.held(WALLET)).hasToString("held:" + WALLET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "external:x",
                "External",
                "clearing:012",
                "clearing:-1",
                "clearing",
                "reserve:PROVIDER",
                "reserve:bank",
                "held:0xABCDEF0000000000000000000000000000000000",
                "unknown",
                ""
            })
    void anotherSpellingIsRefused(String text) {
        assertThatThrownBy(() -> LedgerAccount.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
