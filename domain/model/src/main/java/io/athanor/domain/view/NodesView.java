package io.athanor.domain.view;

import io.athanor.domain.common.Wallet;
import java.util.List;

/**
 * The control plane's nodes for whose readiness upgrades wait.
 *
 * @param nodes the keys that they sign with, in order
 */
public record NodesView(List<Wallet> nodes, long asOf) {
    public NodesView {
        nodes = List.copyOf(nodes);
    }
}
