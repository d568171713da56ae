package io.athanor.api.auth;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.common.Wallet;
import java.util.Optional;

/** Whose keys sign the protocols' requests. */
public interface SenderKeys {
    /** The machine, if it is enrolled. */
    Optional<Caller.Machine> machine(MachineId machine);

    /** The checker whose attester key this is, if there is one. */
    Optional<Caller.Checker> checker(Wallet attester);
}
