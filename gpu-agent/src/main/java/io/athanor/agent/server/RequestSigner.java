package io.athanor.agent.server;

import io.athanor.crypto.Ed25519;
import io.athanor.crypto.PersonalMessage;
import io.athanor.crypto.RequestSignature;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.MachineId;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Who signs a request: a machine by its device key, or a checker by its attester key. */
public interface RequestSigner {
    /** The sender's id. */
    String sender();

    byte[] sign(RequestSignature request);

    /** A machine: Ed25519 over the request's bytes. */
    static RequestSigner device(MachineId machine, Ed25519.KeyPair key) {
        return of(machine.toString(), request -> request.sign(key));
    }

    /** An attester: the same bytes as an EIP-191 personal message; the sender is its address. */
    static RequestSigner attester(Secp256k1.KeyPair key) {
        return of(
                key.address(),
                request -> Secp256k1.sign(
                        key, PersonalMessage.digest(new String(request.bytesToSign(), StandardCharsets.US_ASCII))));
    }

    private static RequestSigner of(String sender, Function<RequestSignature, byte[]> signing) {
        return new RequestSigner() {
            @Override
            public String sender() {
                return sender;
            }

            @Override
            public byte[] sign(RequestSignature request) {
                return signing.apply(request);
            }
        };
    }
}
