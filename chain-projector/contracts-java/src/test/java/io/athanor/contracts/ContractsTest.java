package io.athanor.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.athanor.contracts.wrapper.AgreementBook;
import io.athanor.contracts.wrapper.AthToken;
import io.athanor.contracts.wrapper.AthVault;
import io.athanor.contracts.wrapper.SettlementLog;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.hash.Keccak256;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The artifacts in this build, and the reading of refusals. */
class ContractsTest {
    @Test
    void wrappersAndArtifactsAreOfOneBuild() {
        assertThat(Contracts.bytecode(Contracts.TOKEN)).isEqualTo(AthToken.BINARY);
        assertThat(Contracts.bytecode(Contracts.VAULT)).isEqualTo(AthVault.BINARY);
        assertThat(Contracts.bytecode(Contracts.LOG)).isEqualTo(SettlementLog.BINARY);
        assertThat(Contracts.bytecode(Contracts.AGREEMENTS)).isEqualTo(AgreementBook.BINARY);
        assertThatThrownBy(() -> Contracts.bytecode("Nothing")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void immutablesDoNotHideOtherCode() {
        Artifact log = Contracts.artifact(Contracts.LOG);
        byte[] code = Hex.decode(log.deployedBytecode());
        assertThat(log.isCodeOf(code)).isTrue();
        int immutable = log.immutables().getFirst().getFirst();
        code[immutable] ^= 1;
        assertThat(log.isCodeOf(code)).isTrue();
        code[0] ^= 1;
        assertThat(log.isCodeOf(code)).isFalse();
        assertThat(log.isCodeOf(new byte[0])).isFalse();
    }

    @Test
    void refusalsAreReadable() {
        assertThat(ContractErrors.describe(null)).isEqualTo("reverted without a reason");
        assertThat(ContractErrors.describe("0xffffffff")).isEqualTo("reverted with 0xffffffff");
        String selector = Hex.encode(Keccak256.hash("WrongSequence(uint64,uint64)".getBytes(StandardCharsets.UTF_8)))
                .substring(0, 10);
        String words = "%064x%064x".formatted(2, 7);
        assertThat(ContractErrors.describe(selector + words)).isEqualTo("WrongSequence(expected=2, given=7)");
    }

    @Test
    void createdAddressesAreThoseOfTheChain() {
        // The first contracts of the first public development account, known from every local chain.
        Wallet deployer = Wallet.parse("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
        assertThat(GenesisSteps.created(deployer, 0))
                .isEqualTo(Wallet.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"));
        assertThat(GenesisSteps.created(deployer, 1))
                .isEqualTo(Wallet.parse("0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"));
    }
}
