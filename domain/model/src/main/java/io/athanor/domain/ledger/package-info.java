/** Double entry: what each event moves between which ledger accounts. */
@NullMarked
package io.athanor.domain.ledger;

import org.jspecify.annotations.NullMarked;
