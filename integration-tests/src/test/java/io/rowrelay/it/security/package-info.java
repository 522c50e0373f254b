/** The shipped stream over TLS, logins, grants and ACLs. */
@NullMarked
package io.rowrelay.it.security;

import org.jspecify.annotations.NullMarked;
