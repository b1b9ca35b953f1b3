/**
 * M5: what happened, written down once and never changed, and the policies that act on it.
 *
 * <p>{@link io.github.almeidatech.wppflow.eventlog.EventLog} takes and finds events; {@link
 * io.github.almeidatech.wppflow.eventlog.EventArchive} verifies, exports and empties them. A tenant's policies are read by
 * {@link io.github.almeidatech.wppflow.eventlog.Policies#parse}, decided by {@link
 * io.github.almeidatech.wppflow.eventlog.PolicyEngine}, and rehearsed by {@link
 * io.github.almeidatech.wppflow.eventlog.DryRun}:
 *
 * <pre>{@code
 * Policies policies = Policies.parse(yaml).match(read -> read, problems -> { throw new BadPolicies(problems); });
 * PolicyPlan plan = new PolicyEngine(policies).decide(turnEvents, PolicyContext.at(now));
 * // stored in one transaction with the turn: plan.answer(commands), plan.planned(), plan.events(), plan.ownership()
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.eventlog;

import org.jspecify.annotations.NullMarked;
