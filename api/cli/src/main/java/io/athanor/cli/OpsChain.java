package io.athanor.cli;

import io.athanor.domain.port.ChainStatus;
import io.athanor.domain.port.ChainStatus.Report;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code athanor ops chain}. */
@Command(
        name = "chain",
        mixinStandardHelpOptions = true,
        description = "The bridge to the chain: what is on its way, what halted, what it costs. Exit code 1 while"
                + " something is halted.")
final class OpsChain implements Callable<Integer> {
    @Mixin
    private Session session = new Session();

    @Option(names = "--resume", description = "Let what halted go on, once its cause is mended.")
    private boolean resume;

    @Override
    public Integer call() throws IOException {
        Server server = session.signedIn();
        Report report = resume
                ? server.post("/v1/ops/chain/resume", Map.of(), Report.class)
                : server.get("/v1/ops/chain", Report.class);
        session.show(report, table(report));
        return report.halted().isEmpty() ? 0 : Failure.REFUSED;
    }

    private static Table table(Report report) {
        Table table = new Table("WHAT", "STATE");
        report.alarms().forEach(alarm -> table.row("ALARM", alarm));
        for (ChainStatus.Halt halt : report.halted()) {
            table.row("HALTED " + halt.part(), halt.since() + " " + halt.reason());
        }
        table.row("waits for", report.waitingFor() == null ? "nothing" : report.waitingFor());
        for (ChainStatus.Lane lane : report.lanes()) {
            table.row(lane.kind(), lane.finals() + " final, open " + lane.open() + ", " + lane.gasUsed() + " gas");
        }
        table.row("signer set", report.signerSet() + ": " + report.quorum() + " of " + report.signers());
        table.row("blocks", report.readBlock() + " read of " + report.finalBlock() + " final");
        table.row("submitter", words(report.submitter()));
        ChainStatus.Submitter relay = report.relay();
        table.row("relay", relay == null ? "none: left to others" : words(relay));
        for (ChainStatus.Endpoint endpoint : report.endpoints()) {
            String state = (endpoint.current() ? "asked, " : "") + (endpoint.trusted() ? "good, " : "not trusted, ");
            table.row(endpoint.address(), state + endpoint.failures() + " failures");
        }
        return table;
    }

    private static String words(ChainStatus.Submitter payer) {
        String refill = payer.low() ? ", REFILL: less than " + payer.refillBelow() : "";
        return payer.wallet() + " has " + payer.balance() + " wei" + refill;
    }
}
