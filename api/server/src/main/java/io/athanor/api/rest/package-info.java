/** The REST resources under /v1. */
@NullMarked
package io.athanor.api.rest;

import org.jspecify.annotations.NullMarked;
