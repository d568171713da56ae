package io.athanor.domain.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.EarningLine;
import io.athanor.domain.account.EarningLine.Kind;
import io.athanor.domain.account.HoldLine;
import io.athanor.domain.common.Ath;
import io.athanor.domain.epoch.RewardStatement.AccountLines;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class RewardStatementTest {
    private final Samples samples = new Samples(13);
    private final AccountLines client = new AccountLines(
            samples.wallet(), List.of(new HoldLine(samples.task(), Ath.ofWei(10), Ath.ofWei(5))), List.of());
    private final AccountLines host =
            new AccountLines(samples.wallet(), List.of(), List.of(new EarningLine(Kind.HOST_FEE, "x", Ath.ofWei(8))));

    private static RewardStatement statement(
            long cost, long emission, long fee, List<AccountLines> lines, Hash32 root) {
        return new RewardStatement(1, Ath.ofWei(cost), Ath.ofWei(emission), Ath.ZERO, Ath.ofWei(fee), lines, root);
    }

    @Test
    void aStatementBalancesOrDoesNot() {
        List<AccountLines> lines = List.of(client, host);
        Hash32 root = RewardStatement.rootOf(lines);
        assertThat(statement(10, 0, 2, lines, root).balanced()).isTrue();
        assertThat(statement(10, 0, 1, lines, root).balanced()).isFalse();
        assertThat(statement(11, 0, 3, lines, root).balanced()).isFalse();
        assertThat(statement(10, 1, 2, lines, root).balanced()).isFalse();
        assertThat(statement(10, 0, 2, lines, Hash32.ZERO).balanced()).isFalse();
    }

    @Test
    void theRootDependsOnEveryLine() {
        Hash32 root = RewardStatement.rootOf(List.of(client, host));
        AccountLines renamed =
                new AccountLines(host.wallet(), List.of(), List.of(new EarningLine(Kind.HOST_FEE, "y", Ath.ofWei(8))));
        AccountLines otherKind = new AccountLines(
                host.wallet(), List.of(), List.of(new EarningLine(Kind.CHECKER_BASE, "x", Ath.ofWei(8))));
        AccountLines moved = new AccountLines(samples.wallet(), host.holds(), host.earnings());
        assertThat(List.of(
                        RewardStatement.rootOf(List.of(client, renamed)),
                        RewardStatement.rootOf(List.of(client, otherKind)),
                        RewardStatement.rootOf(List.of(client, moved)),
                        RewardStatement.rootOf(List.of(host, client)),
                        RewardStatement.rootOf(List.of(client))))
                .doesNotContain(root)
                .doesNotHaveDuplicates();
    }
}
