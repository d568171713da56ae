/** The command line: {@code athanor job submit}, {@code athanor audit replay} and so on, over REST. */
@NullMarked
package io.athanor.cli;

import org.jspecify.annotations.NullMarked;
