package io.athanor.e2e;

import java.util.ArrayList;
import java.util.List;

/** The sample's renderer once more in Java, operation for operation, to hold the containers' tiles against. */
final class RenderReference {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sphere(double x, double y, double z, double radius, double[] colour, double mirror) {}

    private record Hit(int sphere, double distance) {}

    private final List<Sphere> spheres = new ArrayList<>();
    private int width;
    private int height;
    private int columns;
    private double[] eye = new double[3];
    private double[] light = new double[3];

    RenderReference(String scene) {
        for (String line : scene.split("\n", -1)) {
            String[] f = line.trim().split("\\s+");
            switch (f[0]) {
                case "size" -> {
                    width = Integer.parseInt(f[1]);
                    height = Integer.parseInt(f[2]);
                }
                case "tiles" -> columns = Integer.parseInt(f[1]);
                case "eye" -> eye = numbers(f, 1, 3);
                case "light" -> light = numbers(f, 1, 3);
                case "sphere" ->
                    spheres.add(new Sphere(
                            Double.parseDouble(f[1]),
                            Double.parseDouble(f[2]),
                            Double.parseDouble(f[3]),
                            Double.parseDouble(f[4]),
                            numbers(f, 5, 3),
                            Double.parseDouble(f[8]) / 100));
                default -> {
                    // A comment or an empty line.
                }
            }
        }
    }

    private static double[] numbers(String[] fields, int from, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = Double.parseDouble(fields[from + i]);
        }
        return values;
    }

    /** The tile as a plain PPM. */
    String tile(int tile, int rows) {
        int w = width / columns;
        int h = height / rows;
        int left = tile % columns * w;
        int top = tile / columns * h;
        StringBuilder ppm = new StringBuilder("P3\n" + w + " " + h + "\n255\n");
        for (int y = top; y < top + h; y++) {
            for (int x = left; x < left + w; x++) {
                double dx = (x + 0.5 - width / 2.0) / height;
                double dy = (height / 2.0 - y - 0.5) / height;
                double len = root(dx * dx + dy * dy + 1.0);
                double[] c = trace(eye, new double[] {dx / len, dy / len, 1 / len}, 0);
                ppm.append((int) c[0])
                        .append(' ')
                        .append((int) c[1])
                        .append(' ')
                        .append((int) c[2])
                        .append('\n');
            }
        }
        return ppm.toString();
    }

    private static double root(double v) {
        if (v <= 0) {
            return 0;
        }
        double a = v > 1 ? v : 1;
        for (; ; ) {
            double b = (a + v / a) / 2;
            if (b >= a) {
                return a;
            }
            a = b;
        }
    }

    private Hit nearest(double[] o, double[] d) {
        int hit = -1;
        double distance = 1_000_000;
        for (int i = 0; i < spheres.size(); i++) {
            Sphere s = spheres.get(i);
            double qx = o[0] - s.x();
            double qy = o[1] - s.y();
            double qz = o[2] - s.z();
            double b = qx * d[0] + qy * d[1] + qz * d[2];
            double c = qx * qx + qy * qy + qz * qz - s.radius() * s.radius();
            double disc = b * b - c;
            if (disc > 0) {
                double t = -b - root(disc);
                if (t > 0.001 && t < distance) {
                    distance = t;
                    hit = i;
                }
            }
        }
        return new Hit(hit, distance);
    }

    private double[] trace(double[] o, double[] d, int depth) {
        Hit hit = nearest(o, d);
        double t = hit.distance();
        boolean floor = false;
        if (d[1] < 0) {
            double k = (-0.4 - o[1]) / d[1];
            if (k > 0.001 && k < t) {
                t = k;
                floor = true;
            }
        }
        if (!floor && hit.sphere() < 0) {
            double k = (d[1] + 1) / 2;
            return new double[] {250 - 130 * k, 244 - 90 * k, 236 - 20 * k};
        }
        double[] p = {o[0] + d[0] * t, o[1] + d[1] * t, o[2] + d[2] * t};
        double[] n;
        double[] base;
        double mirror;
        if (floor) {
            n = new double[] {0, 1, 0};
            mirror = 0.1;
            double k = Math.floor(p[0]) + Math.floor(p[2]);
            base = k - 2 * Math.floor(k / 2) == 0 ? new double[] {225, 220, 210} : new double[] {120, 116, 112};
        } else {
            Sphere s = spheres.get(hit.sphere());
            n = new double[] {(p[0] - s.x()) / s.radius(), (p[1] - s.y()) / s.radius(), (p[2] - s.z()) / s.radius()};
            base = s.colour();
            mirror = s.mirror();
        }
        double shade = shade(p, n);
        double[] lit = {base[0] * shade, base[1] * shade, base[2] * shade};
        if (mirror > 0 && depth < 3) {
            double k = 2 * (d[0] * n[0] + d[1] * n[1] + d[2] * n[2]);
            double[] seen = trace(p, new double[] {d[0] - k * n[0], d[1] - k * n[1], d[2] - k * n[2]}, depth + 1);
            for (int i = 0; i < 3; i++) {
                lit[i] = lit[i] * (1 - mirror) + seen[i] * mirror;
            }
        }
        return lit;
    }

    private double shade(double[] p, double[] n) {
        double[] v = {light[0] - p[0], light[1] - p[1], light[2] - p[2]};
        double len = root(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        double[] to = {v[0] / len, v[1] / len, v[2] / len};
        double shade = n[0] * to[0] + n[1] * to[1] + n[2] * to[2];
        if (shade < 0) {
            shade = 0;
        }
        Hit shadow = nearest(p, to);
        if (shadow.sphere() >= 0 && shadow.distance() < len) {
            shade = shade * 0.25;
        }
        return 0.25 + 0.75 * shade;
    }
}
