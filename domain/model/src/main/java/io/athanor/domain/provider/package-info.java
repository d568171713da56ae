/** The provider stream: identity and standing of who rents out machines. */
@NullMarked
package io.athanor.domain.provider;

import org.jspecify.annotations.NullMarked;
