package io.athanor.local.demo;

import io.athanor.local.process.EngineFailure;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.StringTokenizer;
import javax.imageio.ImageIO;

/** Joins rendered tiles, plain PPM files in row order, into one PNG. */
public final class Tiles {
    private Tiles() {}

    /** One tile: pixels as 0xRRGGBB, row by row. */
    public record Tile(int width, int height, List<Integer> pixels) {
        /** Reads a plain PPM (P3). Error: {@link IllegalArgumentException}. */
        public static Tile parse(String ppm) {
            StringTokenizer words = new StringTokenizer(ppm);
            if (!words.nextToken().equals("P3")) {
                throw new IllegalArgumentException("not a plain PPM");
            }
            int width = Integer.parseInt(words.nextToken());
            int height = Integer.parseInt(words.nextToken());
            words.nextToken();
            List<Integer> pixels = new java.util.ArrayList<>(width * height);
            for (int i = 0; i < width * height; i++) {
                int red = Integer.parseInt(words.nextToken());
                int green = Integer.parseInt(words.nextToken());
                pixels.add(red << 16 | green << 8 | Integer.parseInt(words.nextToken()));
            }
            return new Tile(width, height, pixels);
        }
    }

    /** Writes the picture. */
    public static void join(List<Tile> tiles, int columns, Path png) {
        Tile first = tiles.getFirst();
        int rows = tiles.size() / columns;
        BufferedImage picture =
                new BufferedImage(first.width() * columns, first.height() * rows, BufferedImage.TYPE_INT_RGB);
        for (int t = 0; t < tiles.size(); t++) {
            Tile tile = tiles.get(t);
            int left = t % columns * first.width();
            int top = t / columns * first.height();
            for (int i = 0; i < tile.pixels().size(); i++) {
                picture.setRGB(
                        left + i % tile.width(),
                        top + i / tile.width(),
                        tile.pixels().get(i));
            }
        }
        try {
            ImageIO.write(picture, "png", png.toFile());
        } catch (IOException e) {
            throw new EngineFailure("The picture " + png + " cannot be written.", "Make room for it.", e);
        }
    }
}
