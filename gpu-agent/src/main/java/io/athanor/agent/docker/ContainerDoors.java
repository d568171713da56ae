package io.athanor.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ContainerNetwork;
import io.athanor.codec.Json;
import io.athanor.domain.common.LeaseId;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ways into a running container of this node. What is executed there has the job's user, limits and isolation. */
final class ContainerDoors {
    private final DockerClient client;
    private final URI host;

    ContainerDoors(DockerClient client, URI host) {
        this.client = client;
        this.host = host;
    }

    /** @throws IOException with the reason in words, also where the engine refuses */
    ContainerStream execute(String container, List<String> command) throws IOException {
        try {
            String exec = client.execCreateCmd(container)
                    .withCmd(command.toArray(String[]::new))
                    .withAttachStdin(true)
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .exec()
                    .getId();
            EngineStream stream = EngineStream.connect(host);
            try {
                stream.upgrade("/exec/" + exec + "/start", Json.text(Map.of("Detach", false, "Tty", false)));
            } catch (IOException | RuntimeException refused) {
                stream.close();
                throw refused;
            }
            return new ContainerStream.OfCommand(stream, () -> exitCode(exec));
        } catch (DockerException refused) {
            throw new IOException("the engine refuses: " + refused.getMessage(), refused);
        }
    }

    private @Nullable Integer exitCode(String exec) {
        Long code = client.inspectExecCmd(exec).exec().getExitCodeLong();
        return code == null ? null : Math.toIntExact(code);
    }

    /** @throws IOException where nothing listens there, or the container has no address */
    ContainerStream connect(LeaseId lease, String container, int port) throws IOException {
        String address =
                client.inspectContainerCmd(container).exec().getNetworkSettings().getNetworks().values().stream()
                        .map(ContainerNetwork::getIpAddress)
                        .filter(ip -> ip != null && !ip.isBlank())
                        .findFirst()
                        .orElseThrow(
                                () -> new IOException(lease + " has no network, so none of its ports can be reached"));
        return ContainerStream.OfPort.connect(address, port);
    }
}
