/** What the doors remember is forgotten once nobody needs it. */
@NullMarked
package io.athanor.api.retention;

import org.jspecify.annotations.NullMarked;
