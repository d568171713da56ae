package io.athanor.local.network;

import java.util.Map;

/** Which of Athanor's services make a network; a new service is added here, behind those that it needs. */
public final class Services {

    private Services() {}

    /** The network of a layout; {@code variables} is the launcher's environment. */
    public static Network network(NetworkLayout layout, Map<String, String> variables) {
        return new Network(layout, variables);
    }
}
