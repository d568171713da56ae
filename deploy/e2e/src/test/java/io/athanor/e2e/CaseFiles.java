package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import io.athanor.audit.ExportLine;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.common.CaseId;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.machine.MachineEvent.CapacityTested;
import io.athanor.domain.penalty.Offence;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.view.CaseView;
import io.athanor.domain.view.CaseView.CaseStep;
import io.athanor.domain.view.Page;
import io.athanor.local.devnet.ApiClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The case files of a running network, read as anybody reads them. */
record CaseFiles(ApiClient api, CommandLine client) {
    private static final Duration SOON = Duration.ofMinutes(2);
    /** Two days of stay, and what it waits for. */
    private static final Duration STAY = Duration.ofMinutes(5);

    private List<CaseView> all() {
        return api.get("/v1/cases?first=100", new TypeReference<Page<CaseView>>() {})
                .items();
    }

    List<CaseView> of(Class<? extends Offence> kind) {
        return all().stream().filter(file -> kind.isInstance(file.offence())).toList();
    }

    List<CaseView> against(PoolId pool) {
        return all().stream().filter(file -> file.accused().equals(pool)).toList();
    }

    /** Capacity tests in the public history. */
    List<CapacityTested> dailyTests() {
        List<CapacityTested> tests = new ArrayList<>();
        long read = -1;
        long after = 0;
        while (after > read) {
            read = after;
            String page = new String(api.bytes("/v1/audit/export?after=" + after), StandardCharsets.UTF_8);
            for (String text : page.lines().toList()) {
                ExportLine line = ExportLine.parse(text);
                after = line.number();
                if (line.event() instanceof CapacityTested test) {
                    tests.add(test);
                }
            }
        }
        return tests;
    }

    CaseView at(CaseId id) {
        return api.get("/v1/cases/" + id, CaseView.class);
    }

    /** The only case of its kind, once so many are open. */
    List<CaseView> opened(Class<? extends Offence> kind, int cases) {
        await().atMost(SOON).until(() -> of(kind).size() >= cases);
        return of(kind);
    }

    /** The case, once its penalty has this rate and this amount is at risk. */
    void raised(CaseId id, long rateBps, Ath amount) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(at(id).rateBps()).isEqualTo(rateBps);
            assertThat(at(id).amount()).isEqualTo(amount);
        });
    }

    /** The executed case as the command line shows it; what was taken is what was at risk, and all of it went somewhere. */
    CaseView executed(CaseId id, long rateBps, Ath amount) throws IOException, InterruptedException {
        await().atMost(STAY).until(() -> at(id).stage().equals("EXECUTED"));
        CommandLine.Call shown = client.run("case", "show", id.toString(), "--json");
        assertThat(shown.exit()).as(shown.err()).isZero();
        CaseView file = Json.read(shown.out(), CaseView.class);
        assertThat(file.rateBps()).isEqualTo(rateBps);
        assertThat(file.taken()).isEqualTo(amount);
        assertThat(Ath.sum(file.shares().stream().map(PenaltyShare::amount).toList()))
                .isEqualTo(amount);
        assertThat(file.appeal()).isNull();
        assertThat(file.history()).extracting(CaseStep::event).contains("StayBegun", "PenaltyExecuted");
        return file;
    }
}
