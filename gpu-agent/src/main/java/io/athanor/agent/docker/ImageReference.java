package io.athanor.agent.docker;

import java.util.regex.Pattern;

/**
 * An image by its content: {@code repository@sha256:hex}. A tag can move between order and start, so none is accepted.
 *
 * @param repository registry host, optional port and path
 * @param digest {@code sha256:} and 64 hex digits
 */
public record ImageReference(String repository, String digest) {
    private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9]([a-z0-9._:/-]{0,253}[a-z0-9])?");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    public ImageReference {
        if (!REPOSITORY.matcher(repository).matches() || !DIGEST.matcher(digest).matches()) {
            throw new IllegalArgumentException(
                    "an image is named REPOSITORY@sha256:DIGEST, not " + repository + "@" + digest);
        }
    }

    /** Reads {@code repository@sha256:hex}. */
    public static ImageReference parse(String text) {
        int at = text.indexOf('@');
        return new ImageReference(at < 0 ? text : text.substring(0, at), at < 0 ? "" : text.substring(at + 1));
    }

    @Override
    public String toString() {
        return repository + "@" + digest;
    }
}
