package io.athanor.domain.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.domain.testing.Cases;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersistentMapTest {
    @Test
    void isATreeMapWhoseFormerStatesStay() {
        Cases.forAll(300, samples -> {
            PersistentMap<Integer, String> map = PersistentMap.empty();
            TreeMap<Integer, String> expected = new TreeMap<>();
            for (int step = 0; step < 60; step++) {
                PersistentMap<Integer, String> before = map;
                Map<Integer, String> was = Map.copyOf(expected);
                int key = samples.between(-20, 20);
                if (samples.chance(60)) {
                    map = map.with(key, "v" + step);
                    expected.put(key, "v" + step);
                } else {
                    map = map.without(key);
                    expected.remove(key);
                }
                assertThat(before).isEqualTo(was);
                assertThat(map.get(key)).isEqualTo(expected.get(key));
                assertThat(map.entrySet()).containsExactlyElementsOf(expected.entrySet());
                assertThat(map).hasSameSizeAs(expected);
            }
            assertThat(PersistentMap.copyOf(expected)).isEqualTo(map);
        });
    }

    @Test
    void aHundredThousandEntriesAreChangedInAFewSteps() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int key = 0; key < 100_000; key++) {
            map = map.with(key, key);
        }
        assertThat(map.without(50_000)).hasSize(99_999);
        assertThat(map).hasSize(100_000);
    }
}
