/** What a machine needs for Athanor, whether it is there, and how it comes there. */
@NullMarked
package io.athanor.local.doctor;

import org.jspecify.annotations.NullMarked;
