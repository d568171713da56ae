package io.athanor.node;

import io.athanor.api.command.ReadinessDesk;
import io.athanor.api.web.Reads;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.StreamId;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.query.Queries.ListNodes;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedEconomy;
import io.athanor.domain.view.NodesView;
import io.athanor.domain.wire.AgentProtocol.Ready;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs for the programs of an upgrade whose digest somebody left in the node's data folder, as for an agent or a checker, until
 * they are counted. A node that is not registered keeps silent: nothing waits for it.
 */
final class NodeReadiness {
    private static final Logger LOG = LoggerFactory.getLogger(NodeReadiness.class);
    private static final String FILE = "upgrade";

    private final Path data;
    private final NodeIdentity identity;
    private final SigningDomain domain;
    private final ReadinessDesk desk;
    private final Reads reads;
    private @Nullable Sha256 counted;

    NodeReadiness(Path data, NodeIdentity identity, SigningDomain domain, ReadinessDesk desk, Reads reads) {
        this.data = data;
        this.identity = identity;
        this.domain = domain;
        this.desk = desk;
        this.reads = reads;
    }

    void report() {
        Sha256 staged = staged();
        if (staged == null || staged.equals(counted) || !isRegistered()) {
            return;
        }
        Hash32 struct = TypedEconomy.nodeReadiness(identity.wallet(), staged);
        String signature = Hex.encode(Secp256k1.sign(identity.key(), domain.digest(struct)));
        if (desk.take(StreamId.of(StreamId.NODE, identity.wallet()), new Ready(staged, signature))
                .counted()) {
            counted = staged;
            LOG.info("counted as ready for the programs {}", staged);
        }
    }

    private boolean isRegistered() {
        return reads.one(new ListNodes(), NodesView.class).nodes().contains(identity.wallet());
    }

    private @Nullable Sha256 staged() {
        Path file = data.resolve(FILE);
        try {
            return Files.exists(file)
                    ? Sha256.parse(
                            Files.readString(file, StandardCharsets.UTF_8).strip())
                    : null;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
