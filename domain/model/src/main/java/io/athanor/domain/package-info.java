/** The published language of Athanor and its rules: pure Java, no framework, clock, randomness or logging. */
@NullMarked
package io.athanor.domain;

import org.jspecify.annotations.NullMarked;
