/**
 * A person's data, or a whole tenant's, erased and given out: durable, resumed after a crash, with a receipt. Begin with
 * {@link io.github.almeidatech.wppflow.server.erasure.Erasure}; a tenant that leaves is {@link io.github.almeidatech.wppflow.server.erasure.Offboarding}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.erasure;

import org.jspecify.annotations.NullMarked;
