/** The sample job from order to settlement, told while it happens. */
@NullMarked
package io.athanor.local.demo;

import org.jspecify.annotations.NullMarked;
