/**
 * The policies that are in force for a tenant, wherever they are written, and the facts that they may ask for. Begin with
 * {@link io.github.almeidatech.wppflow.server.policy.TenantPolicies}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.policy;

import org.jspecify.annotations.NullMarked;
