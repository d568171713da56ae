/** Tests of what is answered about stake and governance. */
@NullMarked
package io.athanor.saga.economy;

import org.jspecify.annotations.NullMarked;
