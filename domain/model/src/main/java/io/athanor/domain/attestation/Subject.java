package io.athanor.domain.attestation;

import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;

/**
 * What a round looks at. Invariant: a round's subjects are all machines, all deliveries, or one case; each once.
 */
public sealed interface Subject {
    /** The provider concerned; nobody related to it is drawn. */
    Wallet provider();

    /** The subject's own text, unique in a round. */
    String key();

    /**
     * A machine.
     *
     * @param agentKey its device's Ed25519 public key, 0x hex
     */
    record MachineSubject(MachineId machine, Wallet provider, String agentKey) implements Subject {
        @Override
        public String key() {
            return machine.toString();
        }
    }

    /**
     * An ended task.
     *
     * @param agentKey of the machine that ran it, whose signature the receipt must carry
     */
    record DeliverySubject(LeaseId lease, MachineId machine, Wallet provider, String agentKey) implements Subject {
        @Override
        public String key() {
            return lease.toString();
        }
    }

    /**
     * A penalty case.
     *
     * @param provider the accused, whether it rents out machines or checks them
     */
    record CaseSubject(CaseId penaltyCase, Wallet provider) implements Subject {
        @Override
        public String key() {
            return penaltyCase.toString();
        }
    }
}
