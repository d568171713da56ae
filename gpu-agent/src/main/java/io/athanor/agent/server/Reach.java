package io.athanor.agent.server;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * How far an address reaches. A checker names its own endpoint, so an agent dials none that reaches less far than the
 * server it was told to trust: nobody can make it call into its own machine or its owner's network.
 *
 * <p>The name is looked up here and again when it is dialled; who controls it could answer otherwise the second time, and
 * would then be sent one signed answer to a nonce, whose reply nobody reads.
 */
enum Reach {
    /** Never dialled: unspecified, multicast, link-local (where clouds keep their metadata). */
    NONE,
    LOOPBACK,
    PRIVATE,
    PUBLIC;

    private static final int UNIQUE_LOCAL_MASK = 0xFE;
    private static final int UNIQUE_LOCAL = 0xFC;
    private static final int SHARED_FIRST = 100;
    private static final int SHARED_MASK = 0xC0;
    private static final int SHARED_SECOND = 64;

    static Reach of(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLinkLocalAddress()) {
            return NONE;
        }
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        return address.isSiteLocalAddress() || isUniqueLocalOrShared(address.getAddress()) ? PRIVATE : PUBLIC;
    }

    /** IPv6 fc00::/7 (RFC 4193) and IPv4 100.64.0.0/10 (RFC 6598), which the JDK counts as public. */
    private static boolean isUniqueLocalOrShared(byte[] bytes) {
        return bytes.length == 4
                ? bytes[0] == SHARED_FIRST && (bytes[1] & SHARED_MASK) == SHARED_SECOND
                : (bytes[0] & UNIQUE_LOCAL_MASK) == UNIQUE_LOCAL;
    }

    /** The least of all addresses of the URI's host. Error: {@link UnknownHostException}. */
    static Reach of(URI uri) throws UnknownHostException {
        String host = uri.getHost();
        if (host == null) {
            throw new UnknownHostException("no host in " + uri);
        }
        Reach least = PUBLIC;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Reach reach = of(address);
            least = reach.compareTo(least) < 0 ? reach : least;
        }
        return least;
    }

    /** Whether an agent of this server may dial the endpoint. */
    static boolean isAllowed(URI endpoint, URI server) throws UnknownHostException {
        Reach reach = of(endpoint);
        return reach != NONE && reach.compareTo(of(server)) >= 0;
    }
}
