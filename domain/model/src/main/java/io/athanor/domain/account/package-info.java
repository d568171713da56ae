/** The account stream: nobody spends what they do not have. */
@NullMarked
package io.athanor.domain.account;

import org.jspecify.annotations.NullMarked;
