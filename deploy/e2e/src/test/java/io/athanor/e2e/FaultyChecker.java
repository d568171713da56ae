package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.agent.server.RequestSigner;
import io.athanor.agent.server.ServerClock;
import io.athanor.agent.server.ServerRefusal;
import io.athanor.agent.server.SignedHttp;
import io.athanor.audit.ExportLine;
import io.athanor.codec.Json;
import io.athanor.crypto.KeyFiles;
import io.athanor.crypto.Secp256k1;
import io.athanor.domain.attestation.Finding;
import io.athanor.domain.attestation.Finding.Fact;
import io.athanor.domain.attestation.Report;
import io.athanor.domain.attestation.RoundEvent.ReportCommitted;
import io.athanor.domain.attestation.RoundEvent.RoundOpened;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.RoundId;
import io.athanor.domain.common.Sha256;
import io.athanor.domain.common.Wallet;
import io.athanor.domain.hash.Hash32;
import io.athanor.domain.hash.Hex;
import io.athanor.domain.penalty.Offence.SignedReport;
import io.athanor.domain.signing.SigningDomain;
import io.athanor.domain.signing.TypedCommands;
import io.athanor.domain.view.Page;
import io.athanor.domain.view.RoundView;
import io.athanor.domain.wire.CheckerProtocol.Commit;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.Attesters;
import io.athanor.local.devnet.DevWallet;
import io.athanor.local.devnet.DevWallets;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fault injection, for tests alone: what a checker of a running network does with its own key and against the rules. */
final class FaultyChecker {
    private static final Duration SOON = Duration.ofMinutes(2);

    private final URI server;
    private final Wallet wallet;
    private final Secp256k1.KeyPair attester;
    private final SigningDomain domain;
    private final ApiClient api;
    private long read;

    FaultyChecker(URI server, Path data, int index, SigningDomain domain) throws IOException {
        this.server = server;
        this.domain = domain;
        this.api = new ApiClient(server);
        wallet = DevWallet.number(DevWallets.FIRST_CHECKER + index).wallet();
        attester = Secp256k1.keyPair(KeyFiles.read(Attesters.keyFile(data, index)));
    }

    Wallet wallet() {
        return wallet;
    }

    private String sign(Hash32 struct) {
        return Hex.encode(Secp256k1.sign(attester, domain.digest(struct)));
    }

    /** Signs that all machines of one round were there, and that none was; a file for {@code case prove}. */
    Path signTwice(Path folder) throws IOException {
        await().atMost(SOON).until(() -> satIn().isPresent());
        RoundOpened round = satIn().orElseThrow();
        Map<String, SignedReport> proof =
                Map.of("one", signed(round, Fact.ONLINE), "other", signed(round, Fact.OFFLINE));
        return Files.write(folder.resolve("proof.json"), Json.bytes(proof));
    }

    private Optional<RoundOpened> satIn() {
        return api.get("/v1/rounds?first=100", new TypeReference<Page<RoundView>>() {}).items().stream()
                .map(RoundView::opened)
                .filter(round -> round.round().kind() == RoundId.Kind.LIVENESS && sits(round))
                .findFirst();
    }

    private boolean sits(RoundOpened round) {
        return round.committee().stream().anyMatch(seat -> seat.checker().equals(wallet));
    }

    private SignedReport signed(RoundOpened round, Fact fact) {
        List<Finding> findings = round.subjects().stream()
                .map(subject -> new Finding(subject.key(), fact, Hash32.ZERO, 0, 0))
                .toList();
        Report report = new Report(
                round.round(), wallet, findings, Sha256.of(fact.name().getBytes(StandardCharsets.UTF_8)));
        return new SignedReport(report, sign(TypedCommands.reportStruct(report)));
    }

    /**
     * Waits for a round that opens from now on, sends the first commitment of another member as its own, and returns the
     * round once it was refused. Its node must be stopped meanwhile.
     */
    RoundId copy() throws InterruptedException {
        Set<RoundId> mine = new HashSet<>();
        newEvents(mine);
        mine.clear();
        try (SignedHttp http = new SignedHttp(server, RequestSigner.attester(attester), new ServerClock())) {
            for (long until = System.nanoTime() + SOON.toNanos(); System.nanoTime() < until; ) {
                ReportCommitted others = newEvents(mine);
                if (others != null && isRefusedAsCopy(http, others)) {
                    return others.round();
                }
            }
        }
        throw new AssertionError(wallet + " found no commitment to copy");
    }

    private boolean isRefusedAsCopy(SignedHttp http, ReportCommitted others) {
        Hash32 commitment = others.commitment();
        Commit copied = new Commit(commitment, sign(TypedCommands.commit(others.round(), wallet, commitment)));
        Throwable refused =
                catchThrowable(() -> http.postOnly("/checker/v1/rounds/" + others.round() + "/commit", copied));
        assertThat(refused).as("a copied commitment").isInstanceOf(ServerRefusal.class);
        // Who comes after the window is told so first; then the next round is tried.
        return refused instanceof ServerRefusal refusal && refusal.is(Reason.DUPLICATE_COMMITMENT);
    }

    /** Reads on in the public history: the newest commitment of somebody else in a round of {@code mine}. */
    private @Nullable ReportCommitted newEvents(Set<RoundId> mine) {
        ReportCommitted found = null;
        String lines = new String(api.bytes("/v1/audit/export?after=" + read), StandardCharsets.UTF_8);
        for (String text : lines.lines().toList()) {
            ExportLine line = ExportLine.parse(text);
            read = line.number();
            if (line.event() instanceof RoundOpened round && sits(round)) {
                mine.add(round.round());
            } else if (line.event() instanceof ReportCommitted commit && mine.contains(commit.round())) {
                found = commit;
            }
        }
        return found;
    }
}
