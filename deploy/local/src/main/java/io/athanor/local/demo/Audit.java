package io.athanor.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.athanor.codec.Json;
import io.athanor.domain.hash.Hash32;
import io.athanor.local.devnet.ApiClient;
import io.athanor.local.devnet.Programs;
import io.athanor.local.process.Commands;
import io.athanor.local.process.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The history exported and replayed by the auditor, as a process of its own. */
record Audit(Path export, Result result) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** What the auditor prints, as far as it is told here. */
    record Result(String verdict, long events, Hash32 stateHash, boolean ledgerBalanced, JsonNode problems) {}

    static Audit of(ApiClient api, Path folder) {
        Path export = folder.resolve("export.jsonl");
        try {
            Files.createDirectories(folder);
            Files.write(export, api.bytes("/v1/audit/export?after=0"));
        } catch (IOException e) {
            throw new EngineFailure("The export cannot be written to " + export + ".", "Make room for it.", e);
        }
        Commands.Result run =
                Commands.run(Programs.audit(List.of("replay", export.toString(), "--json")), folder, LIMIT);
        String json = run.output()
                .lines()
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow(() -> new EngineFailure("The auditor gave no result: " + run.output(), "Build it again."));
        return new Audit(export, Json.read(json, Result.class));
    }
}
