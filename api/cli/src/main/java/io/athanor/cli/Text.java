package io.athanor.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Text in URLs. */
final class Text {
    private static final long PPM_PER_PERCENT = 10_000;
    private static final long PPM_PER_TENTH = 1_000;

    private Text() {}

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A path whose parts may hold any character. */
    static String encodePath(String path) {
        return Arrays.stream(path.split("/", -1)).map(Text::encode).collect(Collectors.joining("/"));
    }

    /** Of ppm, to a tenth of a percent below. */
    static String percent(long ppm) {
        return ppm / PPM_PER_PERCENT + "." + ppm % PPM_PER_PERCENT / PPM_PER_TENTH + " %";
    }
}
