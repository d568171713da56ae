package io.athanor.domain.machine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What stays of a machine's past, whatever becomes of its certificate.
 *
 * @param certifiedFirst when it got its first certificate, null before
 * @param scored the newest settlement day whose quality was told, null before the first
 */
public record MachinePast(
        @Nullable Instant certifiedFirst, @Nullable Long scored) {}
