/**
 * M3: who writes to us. One contact per person and tenant, found by any of its identities. Begin with
 * {@link io.github.almeidatech.wppflow.contacts.ContactStore}.
 */
@NullMarked
package io.github.almeidatech.wppflow.contacts;

import org.jspecify.annotations.NullMarked;
