@NullMarked
package io.athanor.api.files;

import org.jspecify.annotations.NullMarked;
