package io.athanor.contracts;

import io.athanor.codec.Json;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * Where a network's contracts are: the content of {@code contracts.json}.
 *
 * <p>It is written twice: as a plan before the first transaction, when the addresses already follow from the deployer's
 * nonce, and again with the code hashes when everything is there. So a deployment that was cut off goes on where it
 * stopped.
 *
 * @param chainId the chain
 * @param token, log, vault, agreements, penalties, governance addresses
 * @param deployBlock no event of these contracts lies before this block
 * @param deployer whose nonces make the addresses
 * @param firstNonce of the deployment's transactions
 * @param codeHashes by contract name: keccak of the code on chain; empty in a plan
 */
public record Deployment(
        long chainId,
        Wallet token,
        Wallet log,
        Wallet vault,
        Wallet agreements,
        Wallet penalties,
        Wallet governance,
        long deployBlock,
        Wallet deployer,
        long firstNonce,
        Map<String, Hash32> codeHashes) {
    /** A contract's own nonce begins at 1. */
    private static final long FIRST_CREATION = 1;

    /** Whether all contracts were deployed and verified. */
    public boolean complete() {
        return !codeHashes.isEmpty();
    }

    /** The address of a contract by its name. */
    public Wallet address(String contract) {
        return switch (contract) {
            case Contracts.TOKEN -> token;
            case Contracts.LOG -> log;
            case Contracts.VAULT -> vault;
            case Contracts.AGREEMENTS -> agreements;
            case Contracts.PENALTIES -> penalties;
            case Contracts.GOVERNANCE -> governance;
            default -> throw new IllegalArgumentException("no contract is called " + contract);
        };
    }

    /** The timelock that the governance made with itself: the only one who may change anything in log and vault. */
    public Wallet timelock() {
        return GenesisSteps.created(governance, FIRST_CREATION);
    }

    Deployment withCodeHashes(Map<String, Hash32> hashes) {
        return new Deployment(
                chainId,
                token,
                log,
                vault,
                agreements,
                penalties,
                governance,
                deployBlock,
                deployer,
                firstNonce,
                Map.copyOf(hashes));
    }

    /** Empty when there is no such file. */
    public static Optional<Deployment> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(Json.read(Files.readAllBytes(file), Deployment.class))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new ChainFault("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Replaces the file at once and durably. */
    void write(Path file) {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(Json.bytes(this)));
            channel.force(true);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ChainFault("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
