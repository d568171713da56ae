/** Export format and stand-alone replay: the whole history checked and recomputed without server or database. */
@NullMarked
package io.athanor.audit;

import org.jspecify.annotations.NullMarked;
