package io.athanor.domain.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {
    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasAStatusAndANextStep(Reason reason) {
        assertThat(reason.status()).isIn(400, 401, 403, 404, 405, 409, 413, 422, 429, 503);
        assertThat(reason.nextStep()).endsWith(".").hasSizeGreaterThan(10);
        Refused refused = new Refused(reason, "the detail");
        assertThat(refused.nextStep()).isEqualTo(reason.nextStep());
        assertThat(refused.detail()).isEqualTo("the detail");
    }

    @Test
    void aRuleThatHoldsRefusesNothing() {
        assertThatCode(() -> Refused.unless(true, Reason.MALFORMED, "x")).doesNotThrowAnyException();
        assertThatThrownBy(() -> Refused.unless(false, Reason.MALFORMED, "x")).isInstanceOf(Refused.class);
    }
}
