package io.athanor.domain.view;

import io.athanor.domain.common.Ath;
import io.athanor.domain.hash.Hash32;
import org.jspecify.annotations.Nullable;

/**
 * A settlement batch as it stands.
 *
 * @param finalised whether the chain's finality covers it
 */
public record BatchView(
        long seq,
        long epoch,
        Hash32 previous,
        Hash32 root,
        int count,
        Ath total,
        @Nullable Hash32 transaction,
        @Nullable Long block,
        boolean finalised,
        long asOf) {}
