package io.athanor.query;

import static io.athanor.query.testing.Ids.at;
import static io.athanor.query.testing.Ids.machine;
import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.common.MachineId;
import io.athanor.domain.machine.MachineEvent.QualityScored;
import io.athanor.domain.machine.Quality.Day;
import io.athanor.domain.machine.Quality.Scored;
import io.athanor.domain.machine.Ratios;
import io.athanor.domain.query.Queries.FindMachine;
import io.athanor.domain.view.MachineView;
import io.athanor.query.testing.Network;
import io.athanor.query.testing.TestNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class MachineQualityViewTest {
    private static final MachineId ONE = machine(1);

    private static Scored scored(long day) {
        Day figures = new Day(3, 4, 1, 1, 0, null, new Ratios(30, Map.of(50, 2)));
        return new Scored(day, figures, figures.parts(), 187_500, 187_500, true);
    }

    @Test
    void aMachineShowsItsNewestWeek() {
        try (TestNode node = TestNode.start()) {
            node.show(Network.provider(ONE));
            assertThat(quality(node)).isEmpty();
            for (int day = 0; day < 9; day++) {
                node.append(List.of(new QualityScored(ONE, scored(day), at(230 + day))));
            }
            node.show(List.of(new QualityScored(ONE, scored(9), at(240))));
            assertThat(quality(node)).hasSize(7).contains(scored(3)).endsWith(scored(9));
        }
    }

    private static List<Scored> quality(TestNode node) {
        return node.find(new FindMachine(ONE), MachineView.class).orElseThrow().quality();
    }
}
