package io.athanor.api.command;

import io.athanor.api.web.Network;
import io.athanor.api.web.Reads;
import io.athanor.domain.account.SessionKey.Scope;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.Command;
import io.athanor.domain.hash.Hash32;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command as its sender signs it. The record is the request's body in REST and the mutation's input in GraphQL.
 *
 * <p>Invariant: {@link #struct()} covers everything that {@link #commands} uses of the record.
 */
public interface SignedCommand {
    Authorization authorization();

    /** The chain the sender believes to be on; null where it does not say. */
    @Nullable Long chainId();

    /** What is signed, under the network's domain. */
    Hash32 struct();

    /** The record without authorisation: the same content under the same command id is the same command. */
    Object content();

    /** Which session keys may sign it; null where only the wallet may. */
    default @Nullable Scope scope() {
        return null;
    }

    /** Whether it waits until an emergency pause is over. */
    default boolean stopsInPause() {
        return false;
    }

    /** What it orders, stamped with the node's time. Error: {@link io.athanor.domain.common.Refused}. */
    List<Command> commands(Surroundings here, Instant at);

    /** What a command may ask before it is sent. */
    record Surroundings(Reads reads, Network network, Fleet fleet) {}
}
