/** The job stream: one lifecycle, one bill and one result for each task of a job. */
@NullMarked
package io.athanor.domain.job;

import org.jspecify.annotations.NullMarked;
