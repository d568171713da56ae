/** The agent protocol: enrolment, sessions, the long poll, logs and files. */
@NullMarked
package io.athanor.api.agent;

import org.jspecify.annotations.NullMarked;
