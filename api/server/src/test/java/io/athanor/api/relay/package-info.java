@NullMarked
package io.athanor.api.relay;

import org.jspecify.annotations.NullMarked;
