package io.athanor.domain.job;

import io.athanor.domain.common.Limits;
import java.util.Map;

/**
 * Where a job's input files may lie: below {@code /in} and nowhere else.
 *
 * <p>Invariant: a path is relative, in normal form (no empty, {@code .} or {@code ..} part), free of control
 * characters and backslashes, and no file is another file's folder.
 */
final class InputPaths {
    private InputPaths() {}

    /** Error: {@link io.athanor.domain.common.Refused} INVALID_SPEC, naming the path. */
    static void require(Map<String, JobSpec.Input> inputs) {
        Admission.valid(inputs.size() <= Limits.INPUTS, "inputs must be at most " + Limits.INPUTS);
        inputs.forEach((path, input) -> {
            path(path);
            Admission.valid(
                    input.bytes() >= 0 && input.bytes() <= Limits.BLOB_BYTES,
                    "inputs '" + path + "' must have 0 to " + Limits.BLOB_BYTES + " bytes");
            Admission.valid(
                    inputs.keySet().stream().noneMatch(other -> other.startsWith(path + "/")),
                    "inputs '" + path + "' is a file and a folder");
        });
    }

    private static void path(String path) {
        Admission.valid(
                !path.isEmpty() && path.length() <= Limits.PATH_CHARS,
                "inputs has a path of " + path.length() + " characters, allowed are 1 to " + Limits.PATH_CHARS);
        Admission.valid(
                path.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\'),
                "inputs has a path with a control character or backslash");
        for (String part : path.split("/", -1)) {
            Admission.valid(
                    !part.isEmpty() && !part.equals(".") && !part.equals(".."),
                    "inputs has the path '" + path + "', which is not a plain relative path");
        }
    }
}
