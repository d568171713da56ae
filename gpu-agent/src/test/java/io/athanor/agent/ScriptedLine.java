package io.athanor.agent;

import com.sun.net.httpserver.HttpExchange;
import io.athanor.domain.wire.AgentProtocol.BandwidthTaken;
import java.io.IOException;

/** The other end of a line whose speed is measured. */
final class ScriptedLine {
    private ScriptedLine() {}

    static void bandwidth(HttpExchange exchange, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            ScriptedControlPlane.answer(exchange, 200, new BandwidthTaken(body.length));
            return;
        }
        byte[] bytes =
                new byte[Integer.parseInt(exchange.getRequestURI().getQuery().substring("bytes=".length()))];
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
