/** The penalty case stream: an offence, its evidence, a stay, one appeal, and what it costs whom. */
@NullMarked
package io.athanor.domain.penalty;

import org.jspecify.annotations.NullMarked;
