package io.athanor.api.auth;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.common.Wallet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who sent the request, as its token or signature proves. */
public sealed interface Caller {
    /** The rights that {@code Access} asks for. */
    Collection<? extends GrantedAuthority> authorities();

    /** A wallet by access token or API key. */
    record Account(Wallet wallet, Set<Scope> scopes, boolean signedIn, boolean operator) implements Caller {
        @Override
        public Collection<? extends GrantedAuthority> authorities() {
            Stream<String> roles = Stream.concat(
                    signedIn ? Stream.of(Access.SIGNED_IN) : Stream.empty(),
                    operator && signedIn ? Stream.of(Access.OPERATOR) : Stream.empty());
            return Stream.concat(scopes.stream().map(Scope::authority), roles)
                    .map(SimpleGrantedAuthority::new)
                    .toList();
        }
    }

    /** A machine by its device key. */
    record Machine(MachineId machine, Wallet provider, String agentKey) implements Caller {
        @Override
        public Collection<? extends GrantedAuthority> authorities() {
            return List.of(new SimpleGrantedAuthority(Access.MACHINE));
        }
    }

    /**
     * A checker by its attester key.
     *
     * @param barred jailed, or cut off for ever, as of some seconds ago
     */
    record Checker(Wallet wallet, Wallet attester, String endpoint, boolean barred) implements Caller {
        @Override
        public Collection<? extends GrantedAuthority> authorities() {
            return List.of(new SimpleGrantedAuthority(Access.CHECKER));
        }
    }

    /** Makes this the sender of the request on the current thread. */
    default void enter() {
        SecurityContextHolder.getContext().setAuthentication(new Proven(this));
    }

    /** The sender of the current request. Error: {@link Refused} NOT_SIGNED_IN or NOT_ALLOWED. */
    static <C extends Caller> C current(Class<C> kind) {
        if (!(SecurityContextHolder.getContext().getAuthentication() instanceof Proven proven)) {
            throw new Refused(Reason.NOT_SIGNED_IN, "the request names nobody");
        }
        if (!kind.isInstance(proven.caller)) {
            throw new Refused(Reason.NOT_ALLOWED, "this is for a " + kind.getSimpleName());
        }
        return kind.cast(proven.caller);
    }

    /** The current wallet, which must be this one (operators may look too). Error: {@link Refused}. */
    static Account owning(Wallet wallet) {
        Account account = current(Account.class);
        Refused.unless(
                account.wallet().equals(wallet) || account.operator(), Reason.NOT_ALLOWED, "this belongs to " + wallet);
        return account;
    }

    /** Spring Security's form of it. */
    final class Proven extends AbstractAuthenticationToken {
        private static final long serialVersionUID = 1L;
        private final transient Caller caller;

        Proven(Caller caller) {
            super(caller.authorities());
            this.caller = caller;
            setAuthenticated(true);
        }

        @Override
        public Object getCredentials() {
            return "";
        }

        @Override
        public Caller getPrincipal() {
            return caller;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Proven proven && proven.caller.equals(caller);
        }

        @Override
        public int hashCode() {
            return caller.hashCode();
        }
    }
}
