package io.athanor.api;

import io.athanor.domain.common.Wallet;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the node tells the doors.
 *
 * @param tokenKeyFile secret that signs access tokens; made, mode 0600, where it does not exist
 * @param operators wallets that may see dead letters and other inner matters
 * @param hosts {@code host[:port]} names under which wallets may sign in; empty means loopback, by the name that the
 *     request came by
 * @param anonymousPerSecond requests a second that one address may make without signing in or signing
 * @param signInsPerSecond requests a second of one address to the doors of sign-in, which cost the node more
 */
public record ApiSettings(
        Path tokenKeyFile, Set<Wallet> operators, Set<String> hosts, int anonymousPerSecond, int signInsPerSecond) {
    public static final int ANONYMOUS_PER_SECOND = 2_000;
    public static final int SIGN_INS_PER_SECOND = 20;
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");

    public ApiSettings {
        operators = Set.copyOf(operators);
        hosts = Set.copyOf(hosts);
    }

    /**
     * Whether a sign-in for the domain is meant for this node. The request's own name proves nothing where it is not
     * loopback: whoever made a wallet sign for another site can send that site's name along.
     */
    public boolean isOurs(String domain, String host) {
        return hosts.isEmpty() ? domain.equals(host) && LOOPBACK.matcher(domain).matches() : hosts.contains(domain);
    }

    /** No operators, loopback only. */
    public static ApiSettings of(Path tokenKeyFile) {
        return new ApiSettings(tokenKeyFile, Set.of(), Set.of(), ANONYMOUS_PER_SECOND, SIGN_INS_PER_SECOND);
    }
}
