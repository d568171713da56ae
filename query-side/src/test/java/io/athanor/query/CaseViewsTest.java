package io.athanor.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.PoolId;
import io.athanor.domain.query.Queries.FindCase;
import io.athanor.domain.query.Queries.ListCases;
import io.athanor.domain.view.CaseView;
import io.athanor.query.testing.CaseFiles;
import io.athanor.query.testing.Ids;
import io.athanor.query.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class CaseViewsTest {
    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aCaseFileShowsEveryStepAndWhoGotWhat() {
        CaseFiles.executed(1).forEach(node::show);
        CaseView file = node.find(new FindCase(CaseFiles.offence(1).caseId()), CaseView.class)
                .orElseThrow();
        assertThat(file.stage()).isEqualTo("EXECUTED");
        assertThat(file.offence()).isEqualTo(CaseFiles.offence(1));
        assertThat(file.rateBps()).isEqualTo(800);
        assertThat(file.amount()).isEqualTo(CaseFiles.AMOUNT);
        assertThat(file.taken()).isEqualTo(CaseFiles.AMOUNT);
        assertThat(Ath.sum(file.shares().stream().map(share -> share.amount()).toList()))
                .isEqualTo(CaseFiles.AMOUNT.plus(CaseFiles.BOND));
        assertThat(file.history())
                .extracting(CaseView.CaseStep::event)
                .containsExactly(
                        "CaseOpened", "PenaltyRaised", "StayBegun", "AppealLodged", "AppealDecided", "PenaltyExecuted");
        assertThat(node.find(new FindCase(CaseFiles.offence(2).caseId()), CaseView.class))
                .isEmpty();
    }

    @Test
    void casesAreListedNewestFirstAndByPool() {
        CaseFiles.executed(1).forEach(node::show);
        CaseFiles.dismissed(2).forEach(node::show);
        assertThat(node.<CaseView>page(new ListCases(null, null, 10)).items())
                .extracting(CaseView::stage)
                .containsExactly("DISMISSED", "EXECUTED");
        assertThat(node.<CaseView>page(new ListCases(CaseFiles.ACCUSED, null, 1))
                        .next())
                .isNotNull();
        assertThat(node.<CaseView>page(new ListCases(PoolId.ofChecker(Ids.wallet(9)), null, 10))
                        .items())
                .isEmpty();
    }
}
