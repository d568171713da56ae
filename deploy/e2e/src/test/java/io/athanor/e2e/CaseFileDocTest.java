package io.athanor.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.common.Ath;
import io.athanor.domain.penalty.PenaltyPolicy;
import io.athanor.domain.penalty.PenaltyShare;
import io.athanor.domain.penalty.PenaltyShare.Kind;
import io.athanor.domain.view.CaseView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The case file that {@code docs/sla.md} walks through: it is one, and has every field that the page names, as it says. */
class CaseFileDocTest {
    private static final Path FILE = Repository.ROOT.resolve("docs/cases/equivocation.json");
    private static final Path PAGE = Repository.ROOT.resolve("docs/sla.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(/[\\w/]+)` \\| `([^`]*)` \\| .+ \\|$");

    private static byte[] bytes() {
        return Repository.text(FILE).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everyFieldThatThePageNamesIsInTheFileAsItSays() throws IOException {
        JsonNode file = Json.mapper().readTree(bytes());
        List<MatchResult> rows = ROW.matcher(Repository.text(PAGE)).results().toList();
        assertThat(rows).hasSizeGreaterThan(12).allSatisfy(row -> {
            JsonNode value = file.at(row.group(1));
            assertThat(value.isMissingNode()).as(row.group(1)).isFalse();
            assertThat(value.isValueNode() ? value.asText() : value.toString())
                    .as(row.group(1))
                    .startsWith(row.group(2));
        });
    }

    /** What the page explains holds in the file: its id, its proof, and who got what. */
    @Test
    void theFileHoldsTogether() {
        CaseView file = Json.readStrict(bytes(), CaseView.class);
        assertThat(file.offence().caseId()).isEqualTo(file.id());
        assertThat(file.formulaVersion()).isEqualTo(PenaltyPolicy.STAKE_ALONE);
        assertThat(Ath.sum(file.shares().stream().map(PenaltyShare::amount).toList()))
                .isEqualTo(file.taken());
        assertThat(file.shares()).extracting(PenaltyShare::kind).containsExactly(Kind.REPORTER, Kind.TREASURY);
        assertThat(file.shares().getFirst().amount()).isEqualTo(file.taken().bps(500));
    }
}
