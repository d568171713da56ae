/** What every door shares: JSON, problems, queries, the network's identity. */
@NullMarked
package io.athanor.api.web;

import org.jspecify.annotations.NullMarked;
