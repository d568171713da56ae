package io.athanor.codec;

import io.athanor.domain.protocol.ParameterBounds;
import io.athanor.domain.protocol.ProtocolParameters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parameter sets a network may begin with: {@code mainnet}, {@code aethir}, {@code devnet}, or a file. */
public final class Profiles {
    private Profiles() {}

    /**
     * @param name a built-in profile, or the path of a JSON file (it contains a '/' or ends with {@code .json})
     * @throws IllegalArgumentException where there is none, or it leaves the bounds
     */
    public static ProtocolParameters load(String name) {
        ProtocolParameters parameters = Json.readStrict(bytes(name), ProtocolParameters.class);
        ParameterBounds.require(parameters);
        return parameters;
    }

    private static byte[] bytes(String name) {
        try {
            if (name.contains("/") || name.endsWith(".json")) {
                return Files.readAllBytes(Path.of(name));
            }
            try (InputStream in = Profiles.class.getResourceAsStream("/profiles/" + name + ".json")) {
                if (in == null) {
                    throw new IllegalArgumentException(
                            "no profile " + name + "; choose mainnet, aethir, devnet, or the path of a JSON file");
                }
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read profile " + name + ": " + e.getMessage(), e);
        }
    }
}
