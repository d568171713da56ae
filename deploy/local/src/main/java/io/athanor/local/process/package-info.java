/** Child processes of the launcher: started, recorded, adopted and stopped by identity, never by name. */
@NullMarked
package io.athanor.local.process;

import org.jspecify.annotations.NullMarked;
