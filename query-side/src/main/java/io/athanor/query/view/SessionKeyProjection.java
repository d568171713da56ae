package io.athanor.query.view;

import io.athanor.domain.account.AccountEvent;
import io.athanor.domain.account.AccountEvent.FundsHeld;
import io.athanor.domain.account.AccountEvent.HoldRaised;
import io.athanor.domain.account.AccountEvent.SessionKeyAuthorised;
import io.athanor.domain.account.AccountEvent.SessionKeyRevoked;
import io.athanor.domain.account.SessionKey;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Event;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.view.SessionKeyView;
import io.athanor.query.table.Keys;
import io.athanor.query.table.Rows;
import io.athanor.query.table.Table;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Session keys, with what each has spent: as with the account, a key that is authorised again has spent what it had. */
public final class SessionKeyProjection implements Projection {
    private static final Table<SessionKeyView> KEY = Table.of("session_key", SessionKeyView.class, "wallet", "key");
    private static final Set<Class<?>> CONCERNS =
            Set.of(SessionKeyAuthorised.class, SessionKeyRevoked.class, FundsHeld.class, HoldRaised.class);

    @Override
    public String name() {
        return "session-keys";
    }

    @Override
    public List<Table<?>> tables() {
        return List.of(KEY);
    }

    @Override
    public boolean concerns(Class<?> type) {
        return CONCERNS.contains(type);
    }

    @Override
    public void declare(Event event, Keys keys) {
        Wallet key = keyOf((AccountEvent) event);
        if (key != null) {
            keys.add(KEY, List.of(((AccountEvent) event).wallet(), key));
        }
    }

    /** Null for a hold that the wallet itself signed. */
    private static @Nullable Wallet keyOf(AccountEvent event) {
        return switch (event) {
            case SessionKeyAuthorised e -> e.key().key();
            case SessionKeyRevoked e -> e.key();
            case FundsHeld e
            when e.authorization().bySessionKey() -> e.authorization().signer();
            case HoldRaised e
            when e.authorization().bySessionKey() -> e.authorization().signer();
            default -> null;
        };
    }

    @Override
    public void apply(Fact fact, Rows rows) {
        AccountEvent event = (AccountEvent) fact.readable();
        Wallet key = keyOf(event);
        if (key == null) {
            return;
        }
        SessionKeyView before = rows.find(KEY, List.of(event.wallet(), key));
        SessionKeyView after = switch (event) {
            case SessionKeyAuthorised e -> authorised(before, e, fact.index());
            case SessionKeyRevoked e when before != null -> with(before, before.spent(), e.at(), fact.index());
            case FundsHeld e
            when before != null -> with(before, before.spent().plus(e.amount()), before.revokedAt(), fact.index());
            case HoldRaised e
            when before != null -> with(before, before.spent().plus(e.added()), before.revokedAt(), fact.index());
            default -> null;
        };
        if (after != null) {
            rows.put(KEY, after);
        }
    }

    private static SessionKeyView authorised(@Nullable SessionKeyView before, SessionKeyAuthorised e, long index) {
        SessionKey key = e.key();
        Ath spent = before == null ? Ath.ZERO : before.spent();
        return new SessionKeyView(
                e.wallet(), key.key(), key.scopes(), key.limit(), spent, e.at(), key.expiresAt(), null, index);
    }

    private static SessionKeyView with(SessionKeyView key, Ath spent, @Nullable Instant revokedAt, long index) {
        return new SessionKeyView(
                key.wallet(),
                key.key(),
                key.scopes(),
                key.spendLimit(),
                spent,
                key.authorisedAt(),
                key.expiresAt(),
                revokedAt,
                index);
    }
}
