package io.athanor.cli;

import io.athanor.domain.common.Ath;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people write them: wei, or {@code 1.5 ATH}. Exact; more than 18 decimals are refused. */
final class Amounts {
    private static final Pattern ATH = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,18})?) ?ATH");

    private Amounts() {}

    /** Error: {@link IllegalArgumentException}. */
    static Ath parse(String text) {
        Matcher ath = ATH.matcher(text);
        return ath.matches()
                ? new Ath(new BigDecimal(ath.group(1)).movePointRight(18).toBigIntegerExact())
                : Ath.parse(text);
    }

    static boolean isAth(String text) {
        return ATH.matcher(text).matches();
    }
}
