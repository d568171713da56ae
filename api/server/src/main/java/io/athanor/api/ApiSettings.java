package io.athanor.api;

import io.athanor.domain.common.Wallet;
import java.nio.file.Path;
import java.util.Set;

/**
 * What the node tells the doors.
 *
 * @param tokenKeyFile secret that signs access tokens; made, mode 0600, where it does not exist
 * @param operators wallets that may see dead letters and other inner matters
 * @param hosts {@code host[:port]} names under which wallets may sign in; empty means the name the request came by
 * @param anonymousPerSecond requests a second that one address may make without signing in or signing
 */
public record ApiSettings(Path tokenKeyFile, Set<Wallet> operators, Set<String> hosts, int anonymousPerSecond) {
    public static final int ANONYMOUS_PER_SECOND = 2_000;

    public ApiSettings {
        operators = Set.copyOf(operators);
        hosts = Set.copyOf(hosts);
    }

    /** No operators, any host name. */
    public static ApiSettings of(Path tokenKeyFile) {
        return new ApiSettings(tokenKeyFile, Set.of(), Set.of(), ANONYMOUS_PER_SECOND);
    }
}
