/** Runs every check and test of the project as CI does, and says how long each stage took. */
@NullMarked
package io.athanor.local.verify;

import org.jspecify.annotations.NullMarked;
