/** The one JSON of Athanor: mapper, canonical form, event names and network profiles. */
@NullMarked
package io.athanor.codec;

import org.jspecify.annotations.NullMarked;
