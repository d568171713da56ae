/** The command line against a small HTTP server that checks every signature. */
@NullMarked
package io.athanor.cli;

import org.jspecify.annotations.NullMarked;
