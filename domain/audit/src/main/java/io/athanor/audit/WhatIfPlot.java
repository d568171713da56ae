package io.athanor.audit;

import io.athanor.audit.WhatIfReport.Day;
import io.athanor.domain.common.Ath;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;

/**
 * A report's days as a picture: recorded and proposed as two lines over the same days, as SVG.
 *
 * <p>Invariant: whole numbers only, so that the same report gives the same bytes everywhere.
 */
public final class WhatIfPlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 240;
    private static final int LEFT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 210;
    private static final int RIGHT = 700;
    private static final String RECORDED = "#7a7a7a";
    private static final String PROPOSED = "#0a6fb8";

    private WhatIfPlot() {}

    /** Emission a settlement day. */
    public static String emission(WhatIfReport report) {
        return draw("Emission a day", report.days(), Day::emission, Day::emissionThen);
    }

    /** What the treasury gets of the bills, a settlement day. */
    public static String treasury(WhatIfReport report) {
        return draw("Treasury a day", report.days(), Day::treasury, Day::treasuryThen);
    }

    private static String draw(String title, List<Day> days, Function<Day, Ath> recorded, Function<Day, Ath> proposed) {
        Ath most = Ath.ofWei(1);
        for (Day day : days) {
            most = most.max(recorded.apply(day)).max(proposed.apply(day));
        }
        String which = days.isEmpty()
                ? "no day"
                : "days " + days.getFirst().day() + " to " + days.getLast().day();
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" font-family=\"sans-serif\">\n"
                + "<rect width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" fill=\"#fff\"/>\n"
                + text(LEFT, 24, "#000", title + ", " + which + "; top " + most.display())
                + "<path d=\"M" + LEFT + " " + BOTTOM + "H" + RIGHT + "\" stroke=\"#000\" fill=\"none\"/>\n"
                + line(days, recorded, most, RECORDED)
                + line(days, proposed, most, PROPOSED)
                + text(LEFT, 230, RECORDED, "recorded")
                + text(LEFT + 80, 230, PROPOSED, "proposed")
                + "</svg>\n";
    }

    private static String text(int x, int y, String colour, String text) {
        return "<text x=\"" + x + "\" y=\"" + y + "\" font-size=\"13\" fill=\"" + colour + "\">" + text + "</text>\n";
    }

    private static String line(List<Day> days, Function<Day, Ath> value, Ath most, String colour) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < days.size(); i++) {
            int x = days.size() == 1 ? LEFT : LEFT + i * (RIGHT - LEFT) / (days.size() - 1);
            points.append(x)
                    .append(',')
                    .append(y(value.apply(days.get(i)), most))
                    .append(' ');
        }
        return "<polyline points=\"" + points.toString().strip() + "\" fill=\"none\" stroke=\"" + colour
                + "\" stroke-width=\"2\" stroke-linecap=\"square\"/>\n";
    }

    private static int y(Ath value, Ath most) {
        BigInteger height = BigInteger.valueOf(BOTTOM - TOP);
        return BOTTOM - value.wei().multiply(height).divide(most.wei()).intValue();
    }
}
