package io.athanor.agent.cli;

import io.athanor.agent.checker.CheckerNode;
import io.athanor.agent.checker.CheckerSettings;
import io.athanor.domain.common.Wallet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code checker}: the checker's node. */
@Command(
        name = "checker",
        mixinStandardHelpOptions = true,
        description = "The checker's node.",
        subcommands = CheckerCommand.Run.class)
public final class CheckerCommand {

    /** {@code checker run}: attests until TERM. */
    @Command(name = "run", mixinStandardHelpOptions = true, description = "Attests until it is stopped.")
    public static final class Run implements Callable<Integer> {
        @Option(names = "--data", required = true, description = "folder of the open rounds' files")
        private Path data = Path.of("checker");

        @Option(
                names = "--server",
                defaultValue = "${env:ATHANOR_SERVER:-http://127.0.0.1:8480}",
                description = "the control plane (default: ${DEFAULT-VALUE})")
        private URI server = URI.create("http://127.0.0.1:8480");

        @Option(names = "--wallet", required = true, description = "the checker's wallet address")
        private String wallet = "";

        @Option(names = "--attester-key", required = true, description = "file of the attester key, mode 0600")
        private Path attesterKey = Path.of("attester.key");

        @Option(names = "--listen", required = true, description = "HOST:PORT at which machines dial in")
        private String listen = "";

        @Override
        public Integer call() throws IOException {
            CountDownLatch left = Shutdown.interruptThisThread();
            try (CheckerNode node = CheckerNode.open(new CheckerSettings(
                    data.toAbsolutePath(), server, Wallet.parse(wallet), attesterKey, address(listen)))) {
                node.run();
                return 0;
            } catch (InterruptedException stopped) {
                return 0;
            } finally {
                left.countDown();
            }
        }

        private static InetSocketAddress address(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("--listen is HOST:PORT, not " + text);
            }
            return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        }
    }
}
