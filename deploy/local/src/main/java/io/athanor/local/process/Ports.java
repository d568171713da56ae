package io.athanor.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports on loopback. */
public final class Ports {

    private Ports() {}

    /** A port that nobody listens on now; another process may take it before its use. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether a server could listen on this port of loopback. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException busy) {
            return false;
        }
    }

    /** Fails where the port is taken. */
    public static void requireFree(String service, int port) {
        if (!isFree(port)) {
            throw new EngineFailure(
                    "Port %d, which %s needs, is in use by another process.".formatted(port, service),
                    "Stop that process ('ss -ltnp sport = :%d' names it), or choose other ports with --port-base."
                            .formatted(port));
        }
    }
}
