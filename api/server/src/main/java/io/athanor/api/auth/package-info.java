/** Who is asking: sign-in by wallet, API keys, signed requests, and what each may do. */
@NullMarked
package io.athanor.api.auth;

import org.jspecify.annotations.NullMarked;
