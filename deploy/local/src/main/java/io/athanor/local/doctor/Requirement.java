package io.athanor.local.doctor;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something a machine needs.
 *
 * @param name what it is called
 * @param purpose what Athanor needs it for
 * @param packages the Debian packages that bring it
 * @param found what was found, with its version or place; empty where it is missing
 */
record Requirement(String name, String purpose, List<String> packages, Supplier<Optional<String>> found) {

    String installCommand() {
        return "apt-get install " + String.join(" ", packages);
    }
}
