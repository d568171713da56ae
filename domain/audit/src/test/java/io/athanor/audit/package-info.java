@NullMarked
package io.athanor.audit;

import org.jspecify.annotations.NullMarked;
