package io.athanor.agent;

import static io.athanor.agent.RunningAgent.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.athanor.domain.common.Authorization;
import io.athanor.domain.common.CommandId;
import io.athanor.domain.common.LeaseId;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.job.Ending;
import io.athanor.domain.wire.AgentProtocol.AgentOrder;
import io.athanor.local.TestEngines;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A control plane that talks nonsense, repeats itself, or is not who it should be. */
@Tag("docker")
class BadServerIT {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final List<String> NONSENSE = List.of(
            "",
            "null",
            "{}",
            "[]",
            "<html><body>502 Bad Gateway</body></html>",
            "{\"ackAgentSeq\":0,\"orders\":[",
            "{\"ackAgentSeq\":0,\"orders\":[{\"seq\":1,\"order\":{\"type\":\"Format\",\"disk\":\"/dev/sda\"}}],"
                    + "\"retryAfterMillis\":0,\"serverTime\":\"2030-01-01T00:00:00Z\"}",
            "{\"ackAgentSeq\":0,\"orders\":[{\"seq\":1,\"order\":null}],\"retryAfterMillis\":0,\"serverTime\":null}");

    @Test
    void nonsenseAndEndlessAnswersNeitherEndTheAgentNorTouchItsJob() throws Exception {
        try (ScriptedControlPlane plane = new ScriptedControlPlane();
                RunningAgent agent = RunningAgent.started(plane)) {
            LeaseId lease = Jobs.lease();
            plane.send(Jobs.shell(lease, "while [ ! -e /in/go ]; do sleep 0.1; done; echo fine"));
            agent.awaitStarted(lease);
            for (String text : NONSENSE) {
                plane.answerNonsense(text, 1);
                await().atMost(SOON).until(() -> plane.nonsenseSaid() > 0);
            }
            plane.answerNonsense(" ".repeat(1 << 20), 1 << 10);
            await().atMost(SOON).until(() -> plane.nonsenseSaid() > 0);
            plane.answerNonsense(null, 0);
            Files.createFile(agent.data.resolve("jobs/" + lease + "/in/go"));
            assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.COMPLETED);
            agent.awaitForgotten(lease);
            assertThat(plane.log(lease)).isEqualTo("fine\n");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what is missing from these orders is what the test is about
    void anOrderThatMakesNoSenseIsLeftAsideAndTheNextOneIsDoneOnceHoweverOftenItIsRepeated() throws Exception {
        try (ScriptedControlPlane plane = new ScriptedControlPlane();
                RunningAgent agent = RunningAgent.started(plane)) {
            LeaseId lease = Jobs.lease();
            AgentOrder.Start good = Jobs.shell(lease, "echo run >>/out/runs");
            plane.send(new AgentOrder.Cancel(null, null));
            plane.send(new AgentOrder.Start(null, null, good.env(), List.of(), -1, null, null));
            plane.send(new AgentOrder.Challenge("file:///etc/passwd", "../../x", "nobody"));
            plane.send(new AgentOrder.Connect(lease, "../stream", 70_000));
            plane.send(good);
            assertThat(agent.receipt(lease).ending()).isEqualTo(Ending.COMPLETED);
            agent.awaitForgotten(lease);
            plane.forgetAcknowledgements();
            plane.send(good);
            LeaseId later = Jobs.lease();
            plane.send(Jobs.shell(later, "true"));
            assertThat(agent.receipt(later).ending()).isEqualTo(Ending.COMPLETED);
            assertThat(agent.endings(lease)).hasSize(1);
            assertThat(plane.blobs().values())
                    .containsExactly("run\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void aServerWithACertificateThatNobodyVouchesForLearnsNothing() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpsServer impostor = impostor(requests);
        Path data = TestEngines.folder("agent");
        URI server = URI.create("https://127.0.0.1:" + impostor.getAddress().getPort());
        AgentSettings settings =
                AgentSettings.of(data, server, TestEngines.dockerHost().toString(), "1xH200");
        Wallet owner = Wallet.parse("0x90F79bf6EB2c4f870365E785982E1f101E93b906");
        Authorization authorization =
                new Authorization(new CommandId(UUID.randomUUID()), owner, owner, Instant.EPOCH, "0x00");
        try {
            assertThatThrownBy(() -> Enrolment.send(settings, "one-time-token", authorization))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certificate is not trusted by this machine, so nothing was sent");
            assertThat(Doctor.examine(settings))
                    .anySatisfy(finding -> assertThat(finding.text())
                            .startsWith(
                                    "server " + server + " does not answer: the server's certificate is not trusted"));
            assertThat(requests).hasValue(0);
        } finally {
            impostor.stop(0);
        }
    }

    /** Speaks TLS under a certificate that it made itself. */
    private static HttpsServer impostor(AtomicInteger requests) throws Exception {
        Path store = TestEngines.folder("impostor").resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "impostor",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
