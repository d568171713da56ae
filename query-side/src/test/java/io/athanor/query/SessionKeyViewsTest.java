package io.athanor.query;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.authorization;
import static io.athanor.query.testing.Ids.job;
import static io.athanor.query.testing.Ids.wallet;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.query.Queries.ListSessionKeys;
import io.athanor.domain.view.SessionKeyView;
import io.athanor.query.testing.Network;
import io.athanor.query.testing.TestNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class SessionKeyViewsTest {
    private static final Wallet CLIENT = wallet(501);
    private static final Wallet HOT = wallet(502);
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start();
        node.append(List.of(Network.deposit(CLIENT, 1, Ath.ofWhole(100))));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static SessionKeyAuthorised grant(long ath, long millis) {
        SessionKey key = new SessionKey(HOT, Ath.ofWhole(ath), Set.of(Scope.SUBMIT_JOB), at(millis + 60_000));
        return new SessionKeyAuthorised(CLIENT, key, authorization(CLIENT, millis), at(millis));
    }

    private static FundsHeld held(long number, Wallet signer, long ath) {
        Authorization by = authorization(CLIENT, number);
        Authorization signed = new Authorization(by.commandId(), CLIENT, signer, by.expiresAt(), by.signature());
        return new FundsHeld(CLIENT, job(number), Ath.ofWhole(ath), signed, at(number));
    }

    private static SessionKeyView only() {
        List<SessionKeyView> keys =
                node.<SessionKeyView>page(new ListSessionKeys(CLIENT, null, 10)).items();
        assertThat(keys).hasSize(1);
        return keys.getFirst();
    }

    @Test
    void aKeyIsShownWithItsLimitsAndWhatItSpentUnderAllItsAuthorisations() {
        node.show(List.of(grant(15, 1_000), held(5_001, HOT, 4), held(5_002, CLIENT, 7)));
        assertThat(only().spendLimit()).isEqualTo(Ath.ofWhole(15));
        assertThat(only().spent()).isEqualTo(Ath.ofWhole(4));
        assertThat(only().scopes()).containsExactly(Scope.SUBMIT_JOB);
        assertThat(only().expiresAt()).isEqualTo(at(61_000));
        assertThat(only().revokedAt()).isNull();

        node.show(List.of(new SessionKeyRevoked(CLIENT, HOT, authorization(CLIENT, 2_000), at(2_000))));
        assertThat(only().revokedAt()).isEqualTo(at(2_000));

        long last = node.show(List.of(grant(20, 3_000), held(5_003, HOT, 2)));
        assertThat(only().revokedAt()).isNull();
        assertThat(only().spendLimit()).isEqualTo(Ath.ofWhole(20));
        assertThat(only().spent()).isEqualTo(Ath.ofWhole(6));
        assertThat(only().asOf()).isEqualTo(last);
        assertThat(node.<SessionKeyView>page(new ListSessionKeys(HOT, null, 10)).items())
                .isEmpty();
        assertThat(node.<SessionKeyView>page(new ListSessionKeys(CLIENT, HOT.toString(), 10))
                        .items())
                .isEmpty();
    }
}
