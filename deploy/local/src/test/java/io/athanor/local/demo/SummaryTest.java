package io.athanor.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.athanor.codec.Json;
import io.athanor.domain.hash.Hash32;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void aBatchSaysFinal() {
        Summary.Batch batch = new Summary.Batch(1, Hash32.ZERO, Hash32.ZERO, 7L, true);
        assertThat(Json.text(batch)).contains("\"final\":true").doesNotContain("isFinal");
    }
}
