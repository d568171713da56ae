/** How much each sender may have stored. */
@NullMarked
package io.athanor.api.files;

import org.jspecify.annotations.NullMarked;
