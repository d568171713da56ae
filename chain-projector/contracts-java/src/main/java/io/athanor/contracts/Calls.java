package io.athanor.contracts;

import org.web3j.protocol.core.RemoteFunctionCall;

/** Reads of contract views with one kind of failure. */
public final class Calls {
    private Calls() {}

    /** The view's value at the newest block; {@link ChainFault} when the node or the contract refuses. */
    public static <T> T read(RemoteFunctionCall<T> view) {
        try {
            return view.send();
        } catch (Exception e) {
            throw new ChainFault("cannot read the contract: " + e.getMessage(), e);
        }
    }
}
