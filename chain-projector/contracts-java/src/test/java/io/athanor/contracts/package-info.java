@NullMarked
package io.athanor.contracts;

import org.jspecify.annotations.NullMarked;
